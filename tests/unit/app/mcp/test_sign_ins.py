"""Signing in to a project's servers: approved like their start, kept in the keyring, and nowhere else."""

import asyncio
import logging
from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace

import keyring
import pytest

from tests.support.projects import TOML, make_project
from tests.support.sign_in_server import Agreeing, SignInServer, browse, sign_in_server
from workbench.app.mcp.sign_ins import sign_in_lines, sign_in_setup
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.cli.mcp_sign_in import PersonAtTerminal
from workbench.cli.terminal import Terminal
from workbench.core.approval import ALLOW_ALL
from workbench.core.errors import UsageError
from workbench.core.json_text import JsonObject
from workbench.core.trace import fold
from workbench.store.mcp_file import McpRow

CALL: JsonObject = {"calls": [{"tool": "shop__go", "arguments": {}}]}
Open = Callable[..., Session]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A keyring in memory."""
    kept: dict[str, str] = {}
    monkeypatch.setattr(keyring, "get_keyring", SimpleNamespace)
    monkeypatch.setattr(keyring, "set_password", lambda _, name, text: kept.__setitem__(name, text))
    monkeypatch.setattr(keyring, "get_password", lambda _, name: kept.get(name))
    monkeypatch.setattr(keyring, "delete_password", lambda _, name: kept.pop(name))
    return kept


@pytest.fixture
async def far() -> AsyncIterator[SignInServer]:
    async with sign_in_server() as server:
        yield server


@pytest.fixture
async def open_project(tmp_path: Path, far: SignInServer) -> AsyncIterator[Open]:
    opened: list[Session] = []
    home = tmp_path / "home"

    def session(name: str = "marks", extra: str = "") -> Session:
        folder = tmp_path / name
        text = f'{TOML}\n[mcp.shop]\nurl = "{far.url}"\n{extra}'
        if folder.exists():
            (folder / "workbench.toml").write_text(text)
        else:
            make_project(folder, CALL, {"text": "Done."}, toml=text)
        opened.append(Session(folder, folders=UserFolders(home / "state", home / "config", home / "data")))
        return opened[-1]

    yield session
    for one in opened:
        await one.close()


def content_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def approve(session: Session) -> None:
    session.mcp.approve("shop", session.mcp.view("shop").shown)


async def test_tokens_are_in_the_keyring_of_server_and_project_and_in_no_file_log_or_event(
    open_project: Open, far: SignInServer, ring: dict[str, str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    session = open_project()
    approve(session)
    await session.mcp.connect()
    view = session.mcp.view("shop")
    assert (view.state, view.sign_in) == ("failed", "needed")
    assert "workbench mcp sign-in" in view.failure
    person = Agreeing()
    await session.mcp.sign_in("shop", person)
    assert (session.mcp.view("shop").state, session.mcp.view("shop").sign_in) == ("ready", "in")
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    await live.finished()
    (call,) = fold(live.log).calls()
    assert call.outcome == "ok"
    assert any(token in text for text in ring.values() for token in far.tokens)
    far.wanted = "read pay"
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    await live.finished()
    view = session.mcp.view("shop")
    assert (view.state, view.sign_in) == ("ready", "needed")
    assert "it demands more scopes for this: read pay" in view.sign_in_reason
    made = [*far.tokens, *far.refresh_tokens, *(form["code"] for form in far.forms)]
    far.token_refusal = lambda form: {"error": "invalid_grant", "error_description": f"{made} {form}"}
    far.tokens.clear()
    await session.mcp.restart("shop")
    shown = f"{session.mcp.view('shop')}"
    session.store.flush()
    files = content_of(tmp_path)
    for secret in made:
        assert secret.encode() not in files
        assert secret not in caplog.text
        assert secret not in shown
    other = open_project("other")
    approve(other)
    await other.mcp.connect()
    assert other.mcp.view("shop").sign_in == "needed", "another project has a sign-in of its own"


async def test_a_demand_for_more_scopes_that_is_not_met_leaves_the_sign_in_as_it_was(
    open_project: Open, far: SignInServer, ring: dict[str, str]
) -> None:
    session = open_project()
    approve(session)
    await session.mcp.sign_in("shop", Agreeing())
    far.wanted = "read pay"
    await session.runs.start("Go.", RunOptions(policy=ALLOW_ALL)).finished()

    class Leaving(Agreeing):
        """Approves where it leads, and then closes the browser."""

        async def visit(self, address: str) -> None:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await session.mcp.sign_in("shop", Leaving())
    far.wanted = "read"
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    await live.finished()
    assert [call.outcome for call in fold(live.log).calls()] == ["ok"]


async def test_a_sign_in_needs_the_servers_approval_and_a_changed_row_asks_again(
    open_project: Open, far: SignInServer, ring: dict[str, str]
) -> None:
    session, person = open_project(), Agreeing()
    with pytest.raises(UsageError, match="not approved"):
        await session.mcp.sign_in("shop", person)
    assert not far.at.asked
    approve(session)
    await session.mcp.sign_in("shop", person)
    again = open_project(extra='sign_in = { scopes = ["read", "write"] }\n')
    assert again.mcp.view("shop").shown.splitlines() == [f"url: {far.url}", "sign-in: scopes: read write"]
    assert again.mcp.view("shop").state == "unapproved"
    approve(again)
    await again.mcp.connect()
    assert again.mcp.view("shop").state == "failed", "its plan is not approved for the server as it is now"
    await again.mcp.sign_in("shop", person)
    assert [plan.scopes for plan in person.plans] == [("read",), ("read", "write")]
    await again.mcp.sign_out("shop")
    assert (again.mcp.view("shop").state, ring) == ("stopped", {})


async def test_a_server_with_a_key_in_its_header_has_no_sign_in(
    open_project: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_KEY", "canary-of-the-shop")
    session = open_project(extra='headers = { Authorization = { key = "SHOP_KEY", scheme = "Bearer" } }\n')
    approve(session)
    await session.mcp.connect()
    assert "it does not accept the key SHOP_KEY" in session.mcp.view("shop").failure
    with pytest.raises(UsageError, match="gets your key in a header"):
        await session.mcp.sign_in("shop", Agreeing())


async def test_the_terminal_shows_the_address_and_takes_the_one_that_a_browser_elsewhere_ended_at(
    open_project: Open, far: SignInServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    session = open_project()
    approve(session)
    person = PersonAtTerminal(Namespace(yes=True, paste=True, no_browser=True), Terminal())
    wrong = iter(["what?", "http://127.0.0.1:9/callback?code=1"])
    said: list[str] = []

    async def line(_prompt: str) -> str:
        printed = capsys.readouterr()
        said.append(printed.err)
        address.extend(one for one in printed.out.split() if "/authorize?" in one)
        return next(wrong, "") or await asyncio.to_thread(browse, address[0], is_elsewhere=True)

    address: list[str] = []
    monkeypatch.setattr(person._keyboard, "line", line)
    await session.mcp.sign_in("shop", person)
    await person.done()
    assert session.mcp.view("shop").state == "ready"
    assert ["That is not the address" in words for words in said] == [False, True, True]


def test_who_vouches_for_the_person_is_shown_before_a_server_is_approved_and_reaches_the_sign_in() -> None:
    identity = {"token_endpoint": "https://id.example/token", "client_id": "us there", "key": "MY_ID_TOKEN"}
    sign_in = {"grant": "identity_assertion", "client_id": "us", "key": "SECRET", "issuer": "https://auth.example"}
    row = McpRow.model_validate({"url": "https://shop.example", "sign_in": {**sign_in, "identity": identity}})
    shown = sign_in_lines(row)
    assert "sign-in: identity token_endpoint: https://id.example/token" in shown
    assert "sign-in: identity key: [key MY_ID_TOKEN]" in shown
    setup = sign_in_setup(row)
    assert setup.identity is not None
    assert (setup.grant, setup.identity.key) == ("identity_assertion", "MY_ID_TOKEN")
