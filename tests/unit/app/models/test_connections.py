"""The user's own connections: named, kept, tried out; their keys never reach a file or a message."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from tests.support.projects import make_project
from workbench.app.models.connections import Connection, Connections
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.errors import ProjectError
from workbench.providers.answer import Reading
from workbench.store.keys import KeyStore
from workbench.store.redaction import Redactor
from workbench.viewmodels.conversation.composer import ComposerViewModel
from workbench.viewmodels.models.connection_form import ConnectionForm
from workbench.viewmodels.models.model_picker import ModelPicker

KEY = "sk-canary-abcdefghijklmnop"


class ModelServer(BaseHTTPRequestHandler):
    """Lists two models to the one who has the key, and echoes the key to the one who has another."""

    def do_GET(self) -> None:
        asked = self.headers.get("Authorization", "")
        is_welcome = asked == f"Bearer {KEY}"
        body = (
            b'{"data":[{"id":"small"},{"id":"large"}]}'
            if is_welcome
            else b'{"error":{"message":"no: %s"}}' % asked.encode()
        )
        if self.path.startswith("/rubbish"):
            is_welcome, body = True, b"<html>"
        self.send_response(200 if is_welcome else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    listening = HTTPServer(("127.0.0.1", 0), ModelServer)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}/v1"
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def folders(tmp_path: Path) -> UserFolders:
    return UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")


@pytest.fixture
def connections(folders: UserFolders) -> Connections:
    return Connections(KeyStore(Redactor()), folders)


async def test_a_server_is_tried_out_by_asking_for_its_models(connections: Connections, server: str) -> None:
    connections.keep_key("MY_KEY", KEY)
    check = await connections.check(wire="openai-chat", base_url=server, key_name="MY_KEY")
    assert (check.is_good, check.models) == (True, ("small", "large"))


async def test_a_refusal_says_how_to_fix_it_and_shows_no_key(connections: Connections, server: str) -> None:
    wrong = "sk-canary-zzzzzzzzzzzzzzzz"
    connections.keep_key("MY_KEY", wrong)
    check = await connections.check(wire="openai-chat", base_url=server, key_name="MY_KEY")
    assert not check.is_good
    assert "MY_KEY" in check.message
    assert "canary" not in check.message


@pytest.mark.parametrize("path", ["/rubbish", ":1/nowhere"])
async def test_a_wrong_address_is_a_clear_message(connections: Connections, server: str, path: str) -> None:
    address = server.removesuffix("/v1") + path if path.startswith("/") else "http://127.0.0.1:1"
    check = await connections.check(wire="openai-chat", base_url=address)
    assert not check.is_good
    assert "base URL" in check.message


async def test_a_vendor_without_a_key_is_not_asked_at_all(connections: Connections) -> None:
    check = await connections.check(wire="anthropic")
    assert not check.is_good
    assert "ANTHROPIC_API_KEY" in check.message


def test_connections_are_kept_with_the_users_comments(connections: Connections, folders: UserFolders) -> None:
    connections.save(Connection("ollama", base_url="http://127.0.0.1:11434/v1", model="qwen3"))
    file = folders.config / "connections.toml"
    file.write_text("# mine\n" + file.read_text())
    connections.save(Connection("other", "anthropic", key_name="OTHER_KEY", model="claude-haiku-5-5"))
    assert file.read_text().startswith("# mine\n")
    assert list(connections.all()) == ["ollama", "other"]
    connections.remove("ollama")
    assert list(connections.all()) == ["other"]


def test_how_answers_are_read_is_kept_only_where_it_is_switched_on(
    connections: Connections, folders: UserFolders
) -> None:
    plain = Connection("plain", base_url="http://127.0.0.1:1/v1", model="m")
    lenient = msgspec.structs.replace(plain, name="lenient", accept_done=True, think_tags=True)
    connections.save(plain)
    assert "accept" not in (folders.config / "connections.toml").read_text()
    connections.save(lenient)
    assert "accept_done = true" in (folders.config / "connections.toml").read_text()
    assert (connections.named("plain"), connections.named("lenient")) == (plain, lenient)


async def test_a_connection_reads_answers_the_way_it_says(tmp_path: Path, folders: UserFolders) -> None:
    session = Session(make_project(tmp_path / "p"), folders=folders)
    for name, is_on in (("strict", False), ("lenient", True)):
        made = Connection(name, base_url="http://127.0.0.1:1/v1", model="m", accept_done=is_on, think_tags=is_on)
        session.connections.save(made)
    strict, lenient = (session.providers.target(name) for name in ("strict", "lenient"))
    assert (strict.reading, lenient.reading) == (Reading(), Reading(accept_done=True, think_tags=True))
    assert session.providers.provider(strict) is not session.providers.provider(lenient)
    await session.close()


async def test_lists_and_forms_read_the_keyring_once_for_each_look_not_with_every_letter(
    tmp_path: Path, folders: UserFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    keyring = SimpleNamespace(get_password=lambda _, name: read.append(name))
    monkeypatch.setattr("workbench.store.keys._keyring", lambda: keyring)
    session = Session(make_project(tmp_path / "p"), folders=folders)
    session.connections.save(Connection("mine", key_name="MINE_KEY", model="m"))
    picker = ModelPicker(session)
    for _ in range(2):
        picker.look_again()
        read.clear()
        for text in ("", "m", "mi", "min"):
            picker.rows(text, "mine")
        assert read == ["MINE_KEY"]
    form = ConnectionForm(session.connections)
    form.open("mine")
    read.clear()
    for letters in ("a", "ab", "abc"):
        form.change(msgspec.structs.replace(form.draft, model=letters))
        assert "is not set" in form.key_caption
    assert read == ["MINE_KEY"]
    await session.close()


async def test_a_key_that_another_program_saved_counts_once_the_project_is_reloaded(
    tmp_path: Path, folders: UserFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: dict[str, str] = {}
    keyring = SimpleNamespace(get_password=lambda _, name: saved.get(name))
    monkeypatch.setattr("workbench.store.keys._keyring", lambda: keyring)
    session = Session(make_project(tmp_path / "p"), folders=folders, trust_for_now=True)
    session.connections.save(Connection("mine", key_name="MINE_KEY", model="m"))
    composer = ComposerViewModel(session)
    composer.write("Go.")
    composer.choose_model("mine")
    assert "MINE_KEY" in composer.obstacle
    saved["MINE_KEY"] = "sk-0123456789abcdef"
    await session.reload()
    composer.refresh()
    assert composer.obstacle == ""
    await session.close()


@pytest.mark.parametrize(
    ("name", "model", "base_url"),
    [("local", "m", ""), ("a b", "m", ""), ("", "m", ""), ("ok", " ", ""), ("ok", "m", "ftp://x")],
)
def test_a_connection_that_could_not_be_used_is_not_kept(
    connections: Connections, name: str, model: str, base_url: str
) -> None:
    with pytest.raises(ProjectError):
        connections.save(Connection(name, base_url=base_url, model=model))
    assert connections.all() == {}


def test_a_damaged_file_is_named_and_left_alone(connections: Connections, folders: UserFolders) -> None:
    folders.config.mkdir(parents=True)
    file = folders.config / "connections.toml"
    file.write_text("[broken")
    assert connections.all() == {}
    assert "connections.toml" in connections.trouble
    with pytest.raises(ProjectError):
        connections.save(Connection("new", base_url="http://127.0.0.1:1", model="m"))
    assert file.read_text() == "[broken"


async def test_an_own_connection_is_a_model_in_every_project(tmp_path: Path, folders: UserFolders) -> None:
    session = Session(make_project(tmp_path / "p"), folders=folders)
    session.connections.save(Connection("ollama", base_url="http://127.0.0.1:11434/v1", model="qwen3"))
    target = session.providers.target("ollama")
    assert (target.kind, target.model, target.needs_key) == ("openai-chat", "qwen3", False)
    assert "ollama" in [choice.spec for choice in session.model_choices()]
    await session.close()
