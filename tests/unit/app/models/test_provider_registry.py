"""A project may name a key and where it goes; the key goes there only once the person trusts the project."""

import asyncio
import threading
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.models.background_loop import BackgroundLoop, BackgroundProvider
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.errors import UsageError

ROW = (
    '[connections.work]\nwire = "openai-chat"\nmodel = "m"\nbase_url = "https://models.example/v1"\nkey = "WORK_KEY"\n'
)
KEY = "sk-canary-abcdefghijklmnop"


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UserFolders:
    monkeypatch.setenv("WORK_KEY", KEY)
    home = tmp_path / "home"
    return UserFolders(home / "state", home / "config", home / "data")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", toml='format = 1\nmodel = "work"\n' + ROW)


async def test_a_run_with_a_connection_of_an_untrusted_project_is_refused_before_anything_is_sent(
    project: Path, folders: UserFolders
) -> None:
    session = Session(project, folders=folders)
    try:
        with pytest.raises(UsageError, match=r"WORK_KEY to https://models\.example/v1") as caught:
            session.runs.start("Go.")
        assert "trust" in caught.value.hint
        assert KEY not in str(caught.value)
        choice = next(choice for choice in session.model_choices() if choice.spec == "work")
        assert (choice.is_ready, choice.note) == (False, "trust the project first")
    finally:
        await session.close()


async def test_the_key_is_not_handed_to_the_provider_either(project: Path, folders: UserFolders) -> None:
    session = Session(project, folders=folders)
    try:
        with pytest.raises(UsageError, match="is not trusted"):
            session.providers._key(session.providers.target("work"))
        session.trust()
        assert session.providers._key(session.providers.target("work")) == KEY
        session.providers.check_key(session.providers.target("work"))
        toml = project / "workbench.toml"
        toml.write_text(toml.read_text().replace("models.example", "elsewhere.example"))
        await session.reload()
        with pytest.raises(UsageError, match="is not trusted"):
            session.providers.check_key(session.providers.target("work"))
    finally:
        await session.close()


async def test_a_connection_of_the_users_own_needs_no_trust(tmp_path: Path, folders: UserFolders) -> None:
    folders.config.mkdir(parents=True)
    (folders.config / "connections.toml").write_text(ROW.replace("connections.", ""))
    session = Session(make_project(tmp_path / "own"), folders=folders)
    try:
        assert session.providers._key(session.providers.target("work")) == KEY
    finally:
        await session.close()


@pytest.mark.parametrize(
    "url",
    ["ftp://host/v1", "http://", "http:///v1", "http://[::bad/v1", "http://host:99999/v1", "http://ho\nst", "host"],
)
async def test_an_address_that_cannot_be_one_is_refused_with_none_of_its_secrets(
    tmp_path: Path, folders: UserFolders, url: str
) -> None:
    session = Session(make_project(tmp_path / "own"), folders=folders)
    try:
        with pytest.raises(UsageError, match="is not a base URL"):
            session.providers.target("openai-chat:m", base_url=url)
        with pytest.raises(UsageError) as caught:
            session.providers.target("openai-chat:m", base_url=f"x{url}?key={KEY}")
        assert KEY not in str(caught.value)
    finally:
        await session.close()


async def test_the_password_in_an_address_is_a_key_like_any_other(tmp_path: Path, folders: UserFolders) -> None:
    session = Session(make_project(tmp_path / "own"), folders=folders)
    try:
        session.providers.provider(session.providers.target("openai-chat:m", base_url=f"http://ana:{KEY}@localhost/"))
        assert KEY not in session.redactor.text(f"<{KEY}>")
    finally:
        await session.close()


async def test_answers_from_the_network_are_read_on_the_background_loop_where_there_is_one(
    tmp_path: Path, project: Path, folders: UserFolders
) -> None:
    background = BackgroundLoop()
    session = Session(project, folders=folders, background=background)
    try:
        session.trust()
        target = session.providers.target("work")
        assert isinstance(session.providers.provider(target), BackgroundProvider)
        assert session.providers.provider(target) is session.providers.provider(target)
        assert not isinstance(session.providers.provider(session.providers.target("local")), BackgroundProvider)
        await background.run(asyncio.sleep(0))
        assert "background loop" in {thread.name for thread in threading.enumerate()}
    finally:
        await session.close()
    assert "background loop" not in {thread.name for thread in threading.enumerate()}
