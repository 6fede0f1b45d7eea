"""What files are, and taking them into a project."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.imports.dropped import look_at, take_in
from workbench.app.imports.found import Found
from workbench.app.imports.pasted import recognize_file
from workbench.app.imports.tool_import import found_in
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject

SCHEMA: JsonObject = {"type": "object", "properties": {"zone": {"type": "string"}}}
MINE: JsonObject = {"name": "get_time", "description": "The time.", "inputSchema": SCHEMA}
SHAPES: list[object] = [
    MINE,
    [MINE],
    {"tools": [MINE]},
    {"jsonrpc": "2.0", "id": 1, "result": {"tools": [MINE]}},
    {"name": "get_time", "description": "The time.", "input_schema": SCHEMA},
    {"type": "function", "name": "get_time", "description": "The time.", "parameters": SCHEMA},
    {"type": "function", "function": {"name": "get_time", "description": "The time.", "parameters": SCHEMA}},
    {"functions": [{"name": "get_time", "description": "The time.", "parameters": SCHEMA}]},
]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
    opened = Session(make_project(tmp_path / "project"), folders=folders)
    yield opened
    asyncio.run(opened.close())


def file(tmp_path: Path, name: str, content: object) -> Path:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize("shape", SHAPES)
def test_a_tool_is_read_in_the_shape_of_every_vendor(shape: object) -> None:
    [tool] = found_in(shape).tools  # type: ignore[arg-type]
    assert tool.document == MINE


def test_what_describes_no_tool_gives_none_and_a_bad_name_is_said() -> None:
    assert found_in({"name": "x"}).tools == found_in([1, "a"]).tools == found_in("text").tools == ()
    [tool] = found_in({"name": "../../etc/passwd", "inputSchema": {}}).tools
    assert tool.name == "etc_passwd"


def test_every_kind_of_file_says_what_dropping_it_would_do(tmp_path: Path, session: Session) -> None:
    assert look_at(file(tmp_path, "a.json", MINE)).words == "Preview the tool get_time (MCP)"
    assert look_at(file(tmp_path, "b.json", [MINE, {**MINE, "name": "other"}])).words == "Preview 2 tools (MCP)"
    assert look_at(file(tmp_path, "b.yaml", "openapi: 3.1.0\npaths: {/x: {get: {}}}\n")).kind == "tools"
    assert look_at(file(tmp_path, "large.har", " " * 1_500_000)).words == "Preview the tools in large.har"
    assert look_at(file(tmp_path, "c.json", {"mcpServers": {}})).kind == "servers"
    assert look_at(file(tmp_path, "d.py", "x = 1")).kind == "python"
    assert look_at(file(tmp_path, "h.py", "def now(zone: str) -> str: ...")).words == "Preview the tool now (Python)"
    assert look_at(session.project.folder).kind == "project"
    for path, why in (
        (file(tmp_path, "e.json", {"openapi": "3.1.0", "paths": {}}), "has no operations"),
        (file(tmp_path, "f.json", "{"), "not JSON"),
        (file(tmp_path, "g.json", {"a": 1}), "No tools"),
        (file(tmp_path, "i.png", "\x00\x01"), "not JSON"),
        (tmp_path, "is not a project"),
        (tmp_path / "gone.json", "cannot be read"),
    ):
        assert why in look_at(path).obstacle, path


def test_code_is_copied_and_never_run(tmp_path: Path, session: Session) -> None:
    trap = file(tmp_path, "trap.py", f"open({str(tmp_path / 'sprung')!r}, 'w')\n")
    done = take_in(session.project.folder, session.keys, [look_at(trap)])
    assert (session.project.folder / "python" / "trap.py").read_text() == trap.read_text()
    assert not (tmp_path / "sprung").exists()
    assert not session.trusts_code
    done.undo()
    assert not (session.project.folder / "python" / "trap.py").exists()


def test_a_dropped_file_of_code_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def counted(path: Path) -> Found:
        read.append(path)
        return recognize_file(path)

    monkeypatch.setattr("workbench.app.imports.dropped.recognize_file", counted)
    path = file(tmp_path, "clock.py", "def now(zone: str) -> str: ...")
    assert look_at(path).tools == ("now",)
    assert read == [path]


def test_servers_are_added_off_and_taken_back(tmp_path: Path, session: Session) -> None:
    before = (session.project.folder / "workbench.toml").read_bytes()
    config = {"mcpServers": {"notes": {"command": "notes-server"}, "odd": {}}}
    dropped = [look_at(file(tmp_path, "mcp.json", config)), look_at(file(tmp_path, "mine.py", "x = 1"))]
    done = take_in(session.project.folder, session.keys, dropped)
    assert "[mcp.notes]" in (session.project.folder / "workbench.toml").read_text()
    assert "odd skipped" in done.words
    done.undo()
    assert (session.project.folder / "workbench.toml").read_bytes() == before
    assert not (session.project.folder / "python" / "mine.py").exists()


def test_what_was_changed_since_is_not_taken_back(tmp_path: Path, session: Session) -> None:
    done = take_in(session.project.folder, session.keys, [look_at(file(tmp_path, "mine.py", "x = 1"))])
    (session.project.folder / "python" / "mine.py").write_text("x = 2")
    with pytest.raises(ProjectError, match="changed since"):
        done.undo()
