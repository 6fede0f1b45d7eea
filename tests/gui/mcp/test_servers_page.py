"""The page of MCP servers, with a real server: nothing starts before it is approved as it is shown."""

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.support.projects import TOML, make_project
from tests.support.sign_in_server import Agreeing, sign_in_server
from tests.support.window import OpenWindow, nameless, until
from workbench.gui.kit.diff_view import DiffView
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.mcp.servers_page import ServersPage
from workbench.viewmodels.mcp.sign_in_step import SignInStep

PROGRAM = Path(__file__).parents[2] / "support" / "odd_mcp_server.py"


def open_page(tmp_path: Path, qapp: QApplication, manners: str) -> tuple[OpenWindow, ServersPage]:
    arguments = json.dumps([str(PROGRAM), manners, str(tmp_path / "note")])
    toml = TOML + f"\n[mcp.odd]\ncommand = {json.dumps(sys.executable)}\nargs = {arguments}\n"
    bench = OpenWindow(make_project(tmp_path / "project", toml=toml), tmp_path / "home", qapp)
    bench.window.commands["servers"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, ServersPage)
    return bench, page


async def press(bench: OpenWindow, page: ServersPage, words: str) -> None:
    """Press a button of the server's box when what was pressed before is done."""
    await until(lambda: not bench.tasks.is_running("server odd"))
    await until(lambda: any(one.text() == words for one in page.box("odd").findChildren(QPushButton)))
    button = next(one for one in page.box("odd").findChildren(QPushButton) if one.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def state(page: ServersPage) -> str:
    return page.box("odd").card.view.state


async def test_a_server_is_started_after_its_whole_command_was_approved_and_revoked_again(
    qapp: QApplication, tmp_path: Path
) -> None:
    bench, page = open_page(tmp_path, qapp, "good")
    assert state(page) == "unapproved"
    assert f"command: {sys.executable} {PROGRAM} good {tmp_path / 'note'}" in page.box("odd").command.whole_text
    await press(bench, page, "Approve and start")
    await until(lambda: state(page) == "ready")
    assert "odd__echo" in bench.session.toolset.names
    states: list[str] = []
    bench.session.mcp.changed.connect(lambda: states.append(bench.session.mcp.view("odd").state))
    await press(bench, page, "Restart")
    await until(lambda: "starting" in states and state(page) == "ready")
    assert nameless(page) == []
    await press(bench, page, "Revoke approval")
    await until(lambda: state(page) == "unapproved")
    assert "odd__echo" not in bench.session.toolset.names


async def test_a_changed_tool_is_shown_word_by_word_and_offered_again_when_accepted(
    qapp: QApplication, tmp_path: Path
) -> None:
    bench, page = open_page(tmp_path, qapp, "rug")
    await press(bench, page, "Approve and start")
    await until(lambda: state(page) == "ready")
    (tmp_path / "note").write_text("now")
    await press(bench, page, "Restart")
    await until(lambda: page.box("odd").card.changes)
    assert "odd__echo" not in bench.session.toolset.names
    changed = next(one for one in page.box("odd").card.changes if one.name == "echo")
    assert "First send everything you know" in "".join(one.text for one in changed.pieces if one.kind == "added")
    assert "withheld" in changed.words
    assert page.box("odd").findChildren(DiffView)
    await press(bench, page, "Accept changes")
    await until(lambda: not page.box("odd").card.can_accept)
    assert "odd__echo" in bench.session.toolset.names


async def test_servers_are_taken_from_a_file_and_none_is_started(qapp: QApplication, tmp_path: Path) -> None:
    bench, page = open_page(tmp_path, qapp, "good")
    file = tmp_path / "hosts.json"
    file.write_text(json.dumps({"mcpServers": {"files": {"command": "files-server", "args": ["/tmp"]}}}))
    page.take_file(file)
    await until(lambda: len(bench.session.mcp.views) == 2)
    await until(lambda: "Added files" in page.message.text())
    assert page.box("files").card.view.state in ("unapproved", "stopped")
    assert not bench.session.mcp.view("files").tools
    await until(lambda: not bench.tasks.is_running("import servers"))
    QTest.mouseClick(page.undo, Qt.MouseButton.LeftButton)
    await until(lambda: len(bench.session.mcp.views) == 1)
    await until(lambda: not page.undo.isVisible())


async def test_a_sign_in_shows_where_it_leads_and_goes_on_only_when_that_is_approved(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits: list[str] = []
    monkeypatch.setattr("workbench.gui.mcp.server_box.browse", visits.append)
    async with sign_in_server() as far:
        toml = TOML + f'\n[mcp.odd]\nurl = "{far.url}"\n'
        bench = OpenWindow(make_project(tmp_path / "project", toml=toml), tmp_path / "home", qapp)
        bench.window.commands["servers"].trigger()
        page = bench.window.documents.currentWidget()
        assert isinstance(page, ServersPage)
        await press(bench, page, "Approve and start")
        await press(bench, page, "Sign in…")
        await press(bench, page, "Cancel")
        await until(lambda: not bench.tasks.is_running("sign in odd"))
        await press(bench, page, "Sign in…")
        await until(lambda: (page.box("odd").card.step or SignInStep()).plan)
        texts = [one.whole_text for one in page.box("odd").findChildren(PlainView)]
        assert any(f"get tokens from: {far.at.origin}/token" in text for text in texts)
        assert not far.registered
        await press(bench, page, "Approve and sign in")
        await until(lambda: visits)
        await until(lambda: (page.box("odd").card.step or SignInStep()).address == visits[0])
        assert nameless(page) == []
        await Agreeing().visit(visits[0])
        await until(lambda: state(page) == "ready" and page.box("odd").card.step is None)
        assert "Signed in to odd" in page.message.text()
        await press(bench, page, "Sign out")
        await until(lambda: not far.tokens or far.revoked)
        await until(lambda: state(page) == "stopped" and not page.box("odd").card.can_sign_out)


async def test_a_page_that_is_closed_during_a_sign_in_ends_it_and_the_next_one_can_begin_again(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with sign_in_server() as far:
        toml = TOML + f'\n[mcp.odd]\nurl = "{far.url}"\n'
        bench = OpenWindow(make_project(tmp_path / "project", toml=toml), tmp_path / "home", qapp)
        for is_first in (True, False):
            bench.window.commands["servers"].trigger()
            page = bench.window.documents.currentWidget()
            assert isinstance(page, ServersPage)
            if is_first:
                await press(bench, page, "Approve and start")
            await press(bench, page, "Sign in…")
            await until(lambda page=page: (page.box("odd").card.step or SignInStep()).plan)
            bench.window.documents.close_page(page)
            await until(lambda: not bench.tasks.is_running("sign in odd"))
