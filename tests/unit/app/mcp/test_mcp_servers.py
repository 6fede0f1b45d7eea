"""The MCP servers of an open project: nothing starts unapproved, nothing changes unnoticed."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.mcp.mcp_import import import_servers
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL, Policy, Rule
from workbench.core.errors import UsageError
from workbench.core.event import kind_of
from workbench.core.json_text import JsonObject
from workbench.core.tool_choice import ToolChoice, ToolChoicePlan
from workbench.core.trace import fold

PROGRAM = Path(__file__).parents[3] / "support" / "odd_mcp_server.py"
CALL: JsonObject = {"calls": [{"tool": "odd__echo", "arguments": {"text": "hello"}}]}
ANSWERS: list[JsonObject] = [CALL, {"text": "Done."}]
Open = Callable[..., Session]


def toml(manners: str, note: Path, name: str = "odd") -> str:
    arguments = json.dumps([str(PROGRAM), manners, str(note)])
    return f"\n[mcp.{name}]\ncommand = {json.dumps(sys.executable)}\nargs = {arguments}\n"


@pytest.fixture
async def open_project(tmp_path: Path) -> AsyncIterator[Open]:
    """Opens the project again, each time with what the user's folders say then."""
    opened: list[Session] = []
    home = tmp_path / "home"

    def session(manners: str = "good", *, extra: str = "") -> Session:
        folder = tmp_path / "marks"
        text = TOML + toml(manners, tmp_path / "note") + extra
        if folder.exists():
            (folder / "workbench.toml").write_text(text)
        else:
            make_project(folder, *ANSWERS, toml=text)
        opened.append(Session(folder, folders=UserFolders(home / "state", home / "config", home / "data")))
        return opened[-1]

    yield session
    for one in opened:
        await one.close()


def approve(session: Session, name: str = "odd") -> None:
    session.mcp.approve(name, session.mcp.view(name).shown)


def states(session: Session) -> list[str]:
    return [view.state for view in session.mcp.views]


async def test_opening_a_project_starts_nothing_and_shows_the_whole_command(open_project: Open, tmp_path: Path) -> None:
    session = open_project(extra='env = ["SHOP_KEY"]\n')
    await session.mcp.connect()
    view = session.mcp.view("odd")
    assert (view.state, view.tools, session.mcp.tools) == ("unapproved", (), ())
    assert view.shown.splitlines() == [
        f"command: {sys.executable} {PROGRAM} good {tmp_path / 'note'}",
        f"folder: {tmp_path / 'marks'}",
        "environment: SHOP_KEY=[key SHOP_KEY]",
    ]


async def test_an_approved_server_offers_its_tools_and_a_run_calls_them(open_project: Open) -> None:
    session = open_project()
    approve(session)
    await session.mcp.connect()
    assert states(session) == ["ready"]
    assert "odd__echo" in session.toolset.names
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    await live.finished()
    (call,) = fold(live.log).calls()
    assert call.settled is not None
    assert (call.outcome, call.settled.result_text.partition("|")[0]) == ("ok", "hello")
    assert call.started is not None
    assert call.started.executor == "mcp odd:echo"
    assert "progress 1 of 2: half" in call.settled.output


BOUND = '\n[executors.touch]\nkind = "mcp"\nserver = "odd"\ntool = "echo"\n'


async def test_a_tool_of_the_project_can_be_carried_out_by_one_of_an_approved_server(
    open_project: Open, tmp_path: Path
) -> None:
    session = open_project()
    path = session.project.folder / "workbench.toml"
    path.write_text(TOML.replace('[executors.touch]\nkind = "python"\nfunction = "marks:touch"\n', "") + BOUND)
    await session.reload()
    assert [str(problem) for problem in session.project.errors] == [
        "workbench.toml: executors.touch: there is no MCP server 'odd'. Add it under [mcp]."
    ]
    path.write_text(path.read_text() + toml("good", tmp_path / "note"))
    says: list[JsonObject] = [{"calls": [{"tool": "touch", "arguments": {"text": "hello"}}]}, {"text": "Done."}]
    (session.project.folder / "script.json").write_text(json.dumps({"answers": says}))
    tool = {"name": "touch", "description": "In words of our own.", "inputSchema": {"type": "object"}}
    (session.project.folder / "tools" / "touch.json").write_text(json.dumps(tool))
    await session.reload()
    assert session.executor_names["touch"] == "mcp odd:echo"

    async def outcome(policy: Policy) -> tuple[str | None, str]:
        live = session.runs.start("Go.", RunOptions(policy=policy))
        await live.finished()
        (call,) = fold(live.log).calls()
        assert call.settled is not None
        return call.outcome, call.settled.result_text.partition("|")[0]

    refused, said = await outcome(ALLOW_ALL)
    assert refused == "error"
    assert "is not approved" in said
    approve(session)
    assert await outcome(ALLOW_ALL) == ("ok", "hello")
    assert "odd:echo" in session.mcp.tool_names
    assert (await outcome(Policy((Rule("*", "deny", server="odd"), Rule("*", "allow")))))[0] == "rejected"


async def test_a_rule_can_name_the_server(open_project: Open) -> None:
    session = open_project()
    approve(session)
    await session.mcp.connect()
    policy = Policy((Rule("*", "deny", server="odd"), Rule("*", "allow")))
    live = session.runs.start("Go.", RunOptions(policy=policy))
    await live.finished()
    assert [call.outcome for call in fold(live.log).calls()] == ["rejected"]


async def test_a_changed_command_is_asked_about_again_and_stops_the_old_one(open_project: Open) -> None:
    session = open_project()
    approve(session)
    await session.mcp.connect()
    path = session.project.folder / "workbench.toml"
    path.write_text(path.read_text().replace('"good"', '"many"'))
    await session.reload()
    await session.mcp.connect()
    assert (states(session), session.mcp.tools) == (["unapproved"], ())
    with pytest.raises(UsageError, match="has changed since it was shown"):
        session.mcp.approve("odd", "command: something else")


async def test_an_approval_holds_at_the_next_start_and_can_be_taken_back(open_project: Open) -> None:
    approve(open_project())
    session = open_project()
    await session.mcp.connect()
    assert states(session) == ["ready"]
    await session.mcp.revoke("odd")
    await session.mcp.connect()
    assert states(session) == ["unapproved"]
    assert states(open_project()) == ["unapproved"]


async def test_a_tool_that_changes_is_held_back_until_the_change_is_accepted(
    open_project: Open, tmp_path: Path
) -> None:
    first = open_project("rug")
    approve(first)
    await first.mcp.connect()
    assert first.mcp.changed_tools == ()
    await first.mcp.close()
    (tmp_path / "note").write_text("now with orders in its description")

    session = open_project("rug")
    await session.mcp.connect()
    changes = {(one.name, one.change) for one in session.mcp.changed_tools}
    assert {("echo", "changed"), ("new", "new"), ("crash", "gone")} <= changes
    assert [tool.name for tool in session.mcp.tools] == ["odd__new"]
    session.mcp.accept_changes("odd")
    assert [tool.name for tool in session.mcp.tools] == ["odd__echo", "odd__new"]
    assert {one.change for one in session.mcp.changed_tools} == {"gone"}


async def test_a_tool_of_the_project_keeps_its_name(open_project: Open) -> None:
    session = open_project()
    (session.project.folder / "tools" / "odd__echo.json").write_text('{"name": "odd__echo"}')
    await session.reload()
    approve(session)
    await session.mcp.connect()
    assert session.toolset.names.count("odd__echo") == 1
    assert "odd__crash" in session.toolset.names


async def test_a_mock_stands_in_for_a_tool_of_a_server(open_project: Open) -> None:
    session = open_project(extra='\n[executors.odd__echo]\nkind = "mock"\nresult = "pretended"\n')
    assert not session.project.problems
    approve(session)
    await session.mcp.connect()
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    await live.finished()
    assert [call.outcome for call in fold(live.log).calls()] == ["mocked"]


async def test_a_failure_is_in_the_view_and_the_server_can_be_started_again(open_project: Open, tmp_path: Path) -> None:
    session = open_project("gone")
    heard: list[list[str]] = []
    session.mcp.changed.connect(lambda: heard.append(states(session)))
    approve(session)
    await session.mcp.connect()
    view = session.mcp.view("odd")
    assert (view.state, view.output) == ("failed", "Reading the settings\nI need a license\n")
    assert "exit code 1" in view.failure
    await session.mcp.restart("odd")
    assert heard[-1] == ["failed"]
    with pytest.raises(UsageError, match="there is no MCP server 'even'"):
        await session.mcp.restart("even")


HOST_FILE = {
    "mcpServers": {
        "GitHub (work)": {
            "command": "docker",
            "args": ["run", "-i", "image"],
            "env": {"GITHUB_TOKEN": "canary-ghp-123456", "LEVEL": "${env:LOG_LEVEL}"},
        },
        "remote": {"type": "http", "url": "https://a.example/mcp", "headers": {"Authorization": "Bearer canary-xyz-1"}},
        "old": {"type": "sse", "url": "https://a.example/sse"},
        "odd": {"command": "something-else"},
        "broken": {"args": []},
        "???": {"command": "x"},
        "paused": {"command": "x", "disabled": True},
    }
}


async def test_servers_of_another_host_come_without_their_keys(open_project: Open, tmp_path: Path) -> None:
    session = open_project()
    file = tmp_path / "host.json"
    file.write_text(json.dumps(HOST_FILE))
    imported = import_servers(session.project.folder, session.keys, file)
    assert imported.added == ("GitHub-work", "remote", "paused")
    assert imported.kept == ("odd",)
    assert set(imported.skipped) == {"old", "broken", "???"}
    assert {*imported.saved, *imported.missing} == {"GITHUB_TOKEN", "LOG_LEVEL", "MCP_REMOTE_AUTHORIZATION"}
    assert "LOG_LEVEL" in imported.missing
    text = (session.project.folder / "workbench.toml").read_text()
    assert "canary" not in text
    await session.reload()
    assert not session.project.errors
    rows = session.project.file.mcp
    assert rows["GitHub-work"].env == {"GITHUB_TOKEN": "GITHUB_TOKEN", "LEVEL": "LOG_LEVEL"}
    assert rows["remote"].headers["Authorization"].scheme == "Bearer"
    assert states(session) == ["unapproved", "unapproved", "unapproved", "off"]


VARIED = {
    "mcpServers": {
        "places": {
            "command": "${userHome}/bin/x",
            "args": ["${workspaceFolder}/data", "${env:TOKEN}"],
            "cwd": "${cwd}",
        },
        "keyed": {"url": "https://a.example/mcp?apiKey=canary-0123456789", "headers": {"X": "a ${env:A} ${env:B}"}},
        "named": {"url": "https://me:canary-0123456789@a.example/mcp"},
        "odd-command": {"command": "${env:TOOL}"},
        "odd-host": {"url": "https://${env:HOST}/mcp"},
        "odd-base": {"url": "${env:BASE}/mcp"},
        "zero": {"command": "x", "args": ["a\x00b"]},
        "file": {"command": "x", "envFile": ".env", "args": ["--token", "canary-0123456789"]},
    }
}


async def test_variables_and_keys_of_another_host_are_filled_in_or_told(open_project: Open, tmp_path: Path) -> None:
    session = open_project()
    file = tmp_path / "host.json"
    file.write_text(json.dumps(VARIED))
    imported = import_servers(session.project.folder, session.keys, file)
    assert imported.added == ("places", "keyed", "named", "file")
    assert set(imported.skipped) == {"odd-command", "odd-host", "odd-base", "zero"}
    assert {"TOKEN", "MCP_KEYED_APIKEY", "MCP_NAMED_AUTHORIZATION", "MCP_FILE_TOKEN"} <= {*imported.missing}
    told = "\n".join(imported.remarks)
    for words in (
        "${workspaceFolder} was filled in as",
        "${env:TOKEN} is filled in at each start",
        "envFile is not read",
    ):
        assert words in told
    assert "the key MCP_KEYED_APIKEY" in told
    assert "made of several variables" in told
    for path in session.project.folder.rglob("*"):
        assert path.is_dir() or b"canary" not in path.read_bytes(), path
    await session.reload()
    assert not session.project.errors
    rows = session.project.file.mcp
    assert rows["places"].args == (f"{session.project.folder}/data", "${key:TOKEN}")
    assert rows["keyed"].url == "https://a.example/mcp?apiKey=${key:MCP_KEYED_APIKEY}"
    assert rows["named"].headers["Authorization"].scheme == "Basic"
    assert "${key:TOKEN}" in session.mcp.view("places").shown


OF_AN_EDITOR = """\ufeff// servers of an editor: "//" and /* in texts stay
{
  /* several
     lines */
  "servers": {
    "a": {"command": "npx", "args": ["-y", "x", 3000,], "env": {"URL": "https://a.example//x"},}, // last
    "b": {"url": "https://b.example/mcp" /* , */ , },
    "c": {"command": ["uvx", "c"], "environment": {"C_KEY": ""}, "enabled": false},
    "d": {"command": {"path": "deno", "args": ["d"]}},
  },
}
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_files_of_editors_have_comments_trailing_commas_and_marks(
    open_project: Open, tmp_path: Path, encoding: str
) -> None:
    session = open_project()
    file = tmp_path / "mcp.json"
    file.write_bytes(OF_AN_EDITOR.encode(encoding))
    assert import_servers(session.project.folder, session.keys, file).added == ("a", "b", "c", "d")
    await session.reload()
    rows = session.project.file.mcp
    assert (rows["a"].command, rows["a"].args) == ("npx", ("-y", "x", "3000"))
    assert (rows["c"].command, rows["c"].args, rows["c"].is_off) == ("uvx", ("c",), True)
    assert (rows["d"].command, rows["d"].args) == ("deno", ("d",))
    assert rows["b"].url == "https://b.example/mcp"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"mcpServers": []}', '{"a": 1, "a": 2}'])
async def test_a_file_that_names_no_servers_is_said_to(open_project: Open, tmp_path: Path, text: str) -> None:
    file = tmp_path / "host.json"
    file.write_text(text)
    session = open_project()
    with pytest.raises(UsageError):
        import_servers(session.project.folder, session.keys, file)


async def test_a_tool_choice_may_name_a_tool_of_a_server_and_what_keeps_it_away_is_said(open_project: Open) -> None:
    session = open_project(extra='\n[request]\ntool_choice = "odd__echo"\n')
    assert session.project.errors == ()
    with pytest.raises(UsageError, match="MCP server odd, which is not approved") as caught:
        session.runs.start("Go.")
    assert "approve it" in caught.value.hint
    approve(session)
    with pytest.raises(UsageError, match="which is not started"):
        session.runs.start("Go.")
    await session.mcp.connect()
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    assert (await live.finished()).outcome == "answered"
    choice = ToolChoicePlan(ToolChoice("required", ("odd__nothing",)))
    with pytest.raises(UsageError, match="has no such tool"):
        session.runs.start("Go.", RunOptions(tool_choice=choice))
    with pytest.raises(UsageError, match="'other__tool', which is not offered"):
        session.runs.start("Go.", RunOptions(tool_choice=ToolChoicePlan(ToolChoice("required", ("other__tool",)))))


async def test_what_a_call_reports_is_heard_while_it_runs_and_its_end_has_it_too(open_project: Open) -> None:
    session = open_project()
    approve(session)
    await session.mcp.connect()
    kinds: list[str] = []
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL), listener=lambda event: kinds.append(kind_of(event)))
    await live.finished()
    (call,) = fold(live.log).calls()
    assert call.reported == "progress 1 of 2: half"
    assert kinds.index("tool.started") < kinds.index("note.added") < kinds.index("tool_call.settled")
    assert call.settled is not None
    assert "progress 1 of 2" in call.settled.output


async def test_a_project_cannot_allow_the_tools_of_an_approved_server_by_itself(open_project: Open) -> None:
    session = open_project(extra='\n[[approval]]\ntool = "odd__*"\naction = "allow"\n')
    approve(session)
    await session.mcp.connect()
    live = session.runs.start("Go.")
    while not session.desk.pending:
        assert live.is_running
        await asyncio.sleep(0.005)
    assert session.desk.pending[0].rule == "ask odd__*"
    live.stop()


async def test_a_server_that_says_its_key_is_not_repeated(open_project: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", "canary-0123456789")
    session = open_project("leaky", extra='env = ["SHOP_KEY"]\n')
    approve(session)
    await session.mcp.connect()
    view = session.mcp.view("odd")
    assert view.state == "ready"
    shown = " ".join((view.output, *view.rubbish, *view.remarks, view.about, *(t.tool.description for t in view.tools)))
    assert shown.count("[key …6789]") >= 3
    assert not any("canary-0123456789"[:length] in shown for length in (17, 12, 8))  # nor cut in the middle
