"""What runs a tool is chosen, filled in, written and undone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import LOOK, TOML, make_project
from workbench.app.code.python_functions import python_functions
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.app.tools.tool_changes import Undoable
from workbench.core.tool import Tool
from workbench.viewmodels.tools.tool_executor import ToolExecutor

COMMENTED = TOML.replace("[executors.look]", "# how to look\n[executors.look]  # it")


@pytest.fixture
async def session(tmp_path: Path, own_home: Path) -> AsyncIterator[Session]:
    folders = UserFolders(own_home / "state", own_home / "config", own_home / "data")
    opened = Session(make_project(tmp_path / "marks", toml=COMMENTED), folders=folders)
    opened.trust()
    yield opened
    await opened.close()


@pytest.fixture
def executor(session: Session) -> ToolExecutor:
    return ToolExecutor(session, lambda: "look", session.reload)


def text_of(session: Session) -> str:
    return (session.project.folder / "workbench.toml").read_text()


async def test_another_function_is_chosen_and_comments_stay(session: Session, executor: ToolExecutor) -> None:
    assert (executor.kind, executor.fields["function"]) == ("python", "marks:look")
    assert python_functions(session.project.folder) == ("marks:touch", "marks:look")
    heard: list[Undoable] = []
    executor.done.connect(heard.append)
    assert await executor.use_function("marks:touch")
    assert text_of(session) == COMMENTED.replace("marks:look", "marks:touch")
    assert session.is_trusted
    heard[0].undo()
    assert text_of(session) == COMMENTED


async def test_a_new_function_is_written_from_the_schema_and_runs_as_soon_as_it_has_a_body(
    session: Session, executor: ToolExecutor
) -> None:
    function = await executor.create_function(Tool(LOOK))
    assert function == "look:look"
    written = (session.project.folder / "python" / "look.py").read_text()
    assert "def look(at: str | None = None) -> Any:" in written
    assert session.project.executor_names["look"] == "python look:look"
    assert session.is_trusted
    assert await executor.create_function(Tool(LOOK)) == "look_2:look"
    assert (session.project.folder / "python" / "look.py").read_text() == written


async def test_an_address_is_written_with_the_name_of_a_key_and_refused_with_the_reason(
    session: Session, executor: ToolExecutor
) -> None:
    assert await executor.choose("http")
    assert executor.kind == "http"
    assert "http" not in text_of(session)
    assert not await executor.use_http(url="nothing", method="GET", key="", response="")
    assert "does not begin with http" in executor.message
    assert await executor.use_http(url="https://x.test/{at}", method="POST", key="SHOP_KEY", response="$.data")
    row = session.project.file.executors["look"].model_dump(exclude_defaults=True)
    assert row == {
        "kind": "http",
        "url": "https://x.test/{at}",
        "method": "POST",
        "auth": {"key": "SHOP_KEY"},
        "response": "$.data",
    }
    assert session.is_trusted
    assert await executor.use_http(url="https://x.test/{at}", method="GET", key="", response="")
    assert executor.fields == {"kind": "http", "url": "https://x.test/{at}"}


async def test_a_mock_keeps_what_it_replaces_and_gives_it_back(session: Session, executor: ToolExecutor) -> None:
    assert await executor.choose("mock")
    assert session.project.executor_names["look"] == "mock"
    assert await executor.choose("python")
    assert session.project.executor_names["look"] == "python marks:look"
    assert await executor.choose("nothing")
    assert "look" not in session.project.executor_names
    assert executor.effect == ("Calls wait for a result from you.", "plain")
    assert await executor.choose("mcp")
    assert (executor.kind, executor.effect) == ("mcp", ("Add an MCP server first.", "warn"))
    assert not await executor.use_server_tool("odd")
    assert "tool" in executor.message
    assert await executor.use_server_tool("odd:echo")
    assert executor.fields == {"kind": "mcp", "server": "odd", "tool": "echo"}
    assert session.project.executor_names["look"] == "mcp odd:echo"


async def test_a_damaged_project_file_is_left_alone(session: Session, executor: ToolExecutor) -> None:
    broken = COMMENTED + "\n[[["
    (session.project.folder / "workbench.toml").write_text(broken)
    assert not await executor.use_function("marks:touch")
    assert "cannot be saved" in executor.message
    assert text_of(session) == broken
