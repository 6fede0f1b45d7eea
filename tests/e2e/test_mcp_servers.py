"""Real MCP servers from the registries, each approved, started, asked and called through a whole run."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from tests.support.command import events, workbench
from tests.support.projects import make_project
from tests.support.tally import size
from tests.unit.executors.http_endpoint import answer, endpoint
from tests.unit.executors.waiting import until
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL
from workbench.core.json_text import JsonObject, canonical
from workbench.core.trace import CallSpan, fold

SUPPORT = Path(__file__).parents[1] / "support"
NPM = Path(sys.prefix) / "npm" / "node_modules" / "@modelcontextprotocol"
Open = Callable[..., Session]


@pytest.fixture
async def open_project(tmp_path: Path) -> AsyncIterator[Open]:
    """Opens a project whose only tools are those of one server, and approves the server."""
    opened: list[Session] = []

    def session(server: str, *answers: JsonObject) -> Session:
        toml = f'format = 1\nmodel = "scripted:script.json"\n\n[mcp.real]\n{server}\n'
        folder = make_project(tmp_path / "project", *answers, {"text": "Done."}, toml=toml)
        home = tmp_path / "home"
        opened.append(Session(folder, folders=UserFolders(home, home, home)))
        opened[-1].mcp.approve("real", opened[-1].mcp.view("real").shown)
        return opened[-1]

    yield session
    for one in opened:
        await one.close()


def python_server(module: str, *arguments: str) -> str:
    return f"command = {json.dumps(sys.executable)}\nargs = {json.dumps(['-m', module, *arguments])}"


def npm_server(name: str, script: str, *arguments: str) -> str:
    path = NPM / name / script
    if shutil.which("node") is None or not path.exists():
        pytest.skip("there is no Node, or `make setup` could not reach npm")
    return f'command = "node"\nargs = {json.dumps([str(path), *arguments])}'


def calls(*proposed: tuple[str, JsonObject]) -> JsonObject:
    return {"calls": [{"tool": f"real__{tool}", "arguments": arguments} for tool, arguments in proposed]}


async def run(session: Session) -> list[CallSpan]:
    await session.mcp.connect()
    (view,) = session.mcp.views
    assert (view.state, view.failure) == ("ready", "")
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    finished = await live.finished()
    assert finished.outcome == "answered"
    return list(fold(live.log).calls())


def text(call: CallSpan) -> str:
    assert call.settled is not None
    return call.settled.full_text or call.settled.result_text


async def test_the_time_server_tells_and_converts_the_time(open_project: Open) -> None:
    asked = calls(
        ("get_current_time", {"timezone": "Europe/Oslo"}),
        ("convert_time", {"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"}),
        ("get_current_time", {"timezone": "Nowhere/At_All"}),
    )
    now, converted, wrong = await run(open_project(python_server("mcp_server_time", "--local-timezone", "UTC"), asked))
    assert (now.outcome, converted.outcome, wrong.outcome) == ("ok", "ok", "error")
    assert json.loads(text(now))["timezone"] == "Europe/Oslo"
    assert "21:00:00+09:00" in text(converted)
    assert "Nowhere" in text(wrong)


async def test_the_git_server_reads_and_changes_a_repository(open_project: Open, tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    git(tmp_path, "init", "-q", "repository")
    (repository / "a.txt").write_text("hello")
    where: JsonObject = {"repo_path": str(repository)}
    session = open_project(
        python_server("mcp_server_git", "--repository", str(repository)),
        calls(("git_status", where)),
        calls(("git_add", {**where, "files": ["a.txt"]})),
        calls(("git_commit", {**where, "message": "Say hello"})),
        calls(("git_log", where), ("git_status", {"repo_path": str(tmp_path)})),
    )
    status, added, committed, log, outside = await run(session)
    assert [one.outcome for one in (status, added, committed, log)] == ["ok"] * 4
    assert "a.txt" in text(status)
    assert "Say hello" in text(log)
    assert outside.outcome == "error"
    assert git(repository, "log", "--format=%s") == "Say hello\n"


def git(folder: Path, *arguments: str) -> str:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(folder)}
    done = subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@t.invalid", *arguments],
        cwd=folder,
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture(autouse=True)
def somebody(own_home: Path) -> None:
    """Git wants to know who commits."""
    (own_home / ".gitconfig").write_text("[user]\n\tname = T\n\temail = t@t.invalid\n")


async def test_the_fetch_server_brings_a_page_from_this_machine(open_project: Open) -> None:
    async with endpoint() as web:
        page = b"<html><body><h1>Opening hours</h1><p>From nine to five.</p></body></html>"
        web.answers = [answer(404), answer(200, page, "text/html"), answer(404)]
        session = open_project(
            python_server("mcp_server_fetch", "--allow-private-ips"),
            calls(("fetch", {"url": f"{web.origin}/hours", "raw": True})),
            calls(("fetch", {"url": f"{web.origin}/gone", "raw": True})),
        )
        hours, gone = await run(session)
    assert "From nine to five." in text(hours)
    assert (hours.outcome, gone.outcome) == ("ok", "error")


async def test_the_everything_server_shows_all_that_a_result_can_hold(open_project: Open) -> None:
    session = open_project(
        npm_server("server-everything", "dist/index.js", "stdio"),
        calls(("echo", {"message": "hello"}), ("get-sum", {"a": 2, "b": 3})),
        calls(("get-tiny-image", {}), ("get-resource-links", {"count": 2})),
        calls(("get-structured-content", {"location": "Chicago"})),
        calls(("trigger-long-running-operation", {"duration": 0.2, "steps": 2})),
    )
    echo, added, picture, links, structured, slow = await run(session)
    assert text(echo) == "Echo: hello"
    assert "5" in text(added)
    assert "[image image/png, " in text(picture)
    assert picture.settled is not None
    assert [one.is_picture for one in picture.settled.attachments] == [True]
    assert text(links).count("[resource ") == 2
    assert {"temperature", "conditions", "humidity"} == set(json.loads(text(structured)))
    assert slow.settled is not None
    assert "progress 2 of 2" in slow.settled.output


async def test_the_memory_server_keeps_what_it_is_told(open_project: Open) -> None:
    entity: JsonObject = {"name": "Ann", "entityType": "person", "observations": ["likes tea"]}
    session = open_project(
        npm_server("server-memory", "dist/index.js"),
        calls(("create_entities", {"entities": [entity]})),
        calls(("search_nodes", {"query": "tea"})),
    )
    made, found = await run(session)
    assert (made.outcome, found.outcome) == ("ok", "ok")
    assert "Ann" in text(found)


@pytest.fixture
async def remote() -> AsyncIterator[str]:
    """The address of a streamable HTTP server that wants the key `canary-0123456789`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(SUPPORT / "remote_mcp_server.py"),
        "canary-0123456789",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    port = (await process.stdout.readline()).decode().strip()
    yield f"http://127.0.0.1:{port}/mcp"
    process.stdin.close()
    await process.wait()


async def test_a_server_over_http_is_called_with_its_key_and_stopped_in_the_middle(
    open_project: Open, remote: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMOTE_API_KEY", "canary-0123456789")
    header = '[mcp.real.headers]\nAuthorization = { key = "REMOTE_API_KEY", scheme = "Bearer" }'
    session = open_project(f'url = "{remote}"\n{header}', calls(("add", {"a": 2, "b": 3})), calls(("wait", {})))
    await session.mcp.connect()
    assert [view.state for view in session.mcp.views] == ["ready"]
    assert "canary" not in session.mcp.view("real").shown
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    await until(lambda: any(call.tool == "real__wait" and call.started for call in fold(live.log).calls()))
    live.stop()
    await live.finished()
    added, waiting = fold(live.log).calls()
    assert json.loads(text(added)) == {"result": 5}
    assert waiting.outcome == "unknown"


async def test_a_server_over_http_that_refuses_us_has_failed_without_showing_the_key(
    open_project: Open, remote: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMOTE_API_KEY", "canary-wrong-wrong")
    header = '[mcp.real.headers]\nAuthorization = { key = "REMOTE_API_KEY", scheme = "Bearer" }'
    session = open_project(f'url = "{remote}"\n{header}')
    await session.mcp.connect()
    (view,) = session.mcp.views
    assert view.state == "failed"
    assert view.failure
    assert "canary" not in f"{view}"


@pytest.mark.parametrize("module", ["mcp_server_git", "mcp_server_time", "mcp_server_fetch"][: size(1, 3, 3)])
async def test_tools_are_offered_exactly_as_another_client_lists_them(open_project: Open, module: str) -> None:
    session = open_project(python_server(module))
    await session.mcp.connect()
    ours = {one.name: {**one.tool.document, "name": one.name} for one in session.mcp.view("real").tools}
    async with Client(StdioServerParameters(command=sys.executable, args=["-m", module])) as client:
        listed = (await client.list_tools()).tools
    theirs = {one.name: one.model_dump(mode="json", by_alias=True, exclude_unset=True) for one in listed}
    assert theirs
    assert canonical(ours) == canonical(theirs)


def test_the_command_line_shows_approves_and_uses_a_server(tmp_path: Path) -> None:
    home = tmp_path / "home"
    toml = 'format = 1\nmodel = "scripted:script.json"\n'
    asked: Any = calls(("get_current_time", {"timezone": "UTC"}))
    folder = make_project(tmp_path / "project", asked, {"text": "Done."}, toml=toml)
    host = tmp_path / "host.json"
    host.write_text(
        json.dumps({"mcpServers": {"real": {"command": sys.executable, "args": ["-m", "mcp_server_time"]}}})
    )

    def said(*arguments: str | Path) -> str:
        done = workbench(*arguments, home=home)
        return f"{done.returncode}\n{done.stdout}{done.stderr}"

    assert "added real" in said("mcp", "import", folder, host)
    listed = said("mcp", "list", folder)
    assert "real  unapproved" in listed
    assert f"command: {sys.executable} -m mcp_server_time" in listed
    assert said("mcp", "tools", folder).startswith("1\n")
    assert said("mcp", "approve", folder, "real").startswith("2\n")
    refused = workbench("run", folder, "Go.", "--approve", "all", "--json", home=home)
    assert "workbench mcp approve" in refused.stderr
    assert [one["outcome"] for one in events(refused) if one["kind"] == "tool_call.settled"] == ["invalid"]
    assert "real is approved" in said("mcp", "approve", folder, "real", "--yes")
    assert "real__convert_time" in said("mcp", "tools", folder)
    used = workbench("run", folder, "Go.", "--approve", "all", "--json", home=home)
    assert [one["outcome"] for one in events(used) if one["kind"] == "tool_call.settled"] == ["ok"]
    assert "will not start again" in said("mcp", "revoke", folder, "real")
    assert "real  unapproved" in said("mcp", "list", folder)


def odd_project(tmp_path: Path, manners: str) -> Path:
    args = json.dumps([str(SUPPORT / "odd_mcp_server.py"), manners])
    server = f"[mcp.odd]\ncommand = {json.dumps(sys.executable)}\nargs = {args}\n"
    toml = f'format = 1\nmodel = "scripted:script.json"\n\n{server}'
    folder = make_project(tmp_path / "project", {"text": "Done."}, toml=toml)
    assert workbench("mcp", "approve", folder, "odd", "--yes", home=tmp_path / "home").returncode == 0
    return folder


@pytest.mark.parametrize(
    ("manners", "words"),
    [
        ("gone", ["exit code 1", "I need a license"]),
        ("nonsense", ["one of its tools has no name"]),
        ("circle", ["the cursor brings the same page again"]),
    ],
)
def test_the_terminal_tells_what_is_wrong_with_a_server_in_its_own_words(
    tmp_path: Path, manners: str, words: list[str]
) -> None:
    folder = odd_project(tmp_path, manners)
    ran = workbench("run", folder, "Go.", "--trust", "--json", home=tmp_path / "home")
    listed = workbench("mcp", "tools", folder, home=tmp_path / "home")
    assert events(ran)[-1]["outcome"] == "answered"
    for said in (ran.stderr, listed.stderr):
        assert [word for word in words if word not in said] == []


def test_the_terminal_tells_what_became_of_variables_and_keys_of_another_host(tmp_path: Path) -> None:
    folder = odd_project(tmp_path, "good")
    file = tmp_path / "mcp.json"
    local = {"command": "x", "args": ["${workspaceFolder}/a", "${env:DB_PASSWORD}", "${config:b}"]}
    remote = {"url": "https://a.example/mcp?apiKey=canary123"}
    file.write_text(json.dumps({"mcpServers": {"local": local, "remote": remote}}))
    done = workbench("mcp", "import", folder, file, home=tmp_path / "home")
    assert done.returncode == 0
    said = done.stdout + done.stderr
    for words in (
        "${workspaceFolder} was filled in as",
        "the key DB_PASSWORD",
        "${config:b} is unknown here",
        "MCP_REMOTE_APIKEY",
    ):
        assert words in said
    assert "canary123" not in said + (folder / "workbench.toml").read_text()
