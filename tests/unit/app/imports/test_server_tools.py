"""Tools of running MCP servers, imported to try other words for them."""

from pathlib import Path

from tests.support.projects import make_project
from workbench.app.imports.import_plan import carry_out, plan_import
from workbench.app.imports.server_tools import tools_of_servers
from workbench.app.mcp.mcp_servers import ServerView
from workbench.core.tool import Tool
from workbench.executors.mcp_spec import McpTool
from workbench.store.executor_row import McpToolRow
from workbench.store.project import load_project


def server(name: str, *tools: str, state: str = "ready") -> ServerView:
    found = tuple(McpTool(name, one, Tool.make(f"{name}__{one}", "Theirs.")) for one in tools)
    return ServerView(name, "", state, True, tools=found)  # type: ignore[arg-type]


def test_a_server_s_tool_becomes_one_of_the_project_that_the_server_runs(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    servers = [server("notes", "find", "save.note"), server("files", "find"), server("off", "x", state="off")]
    found = tools_of_servers(servers)
    names = [tool.name for tool in found.tools]
    assert names[:2] == ["find", "save_note"]
    assert names[2].startswith("find_")
    assert found.skipped == (("off", "the server is off"),)
    carry_out(folder, plan_import(folder, found).tools)
    row = load_project(folder).file.executors["save_note"]
    assert isinstance(row, McpToolRow)
    assert (row.server, row.tool) == ("notes", "save.note")
    again = plan_import(folder, tools_of_servers(servers))
    assert {one.fate for one in again.tools} == {"same"}


def test_without_a_running_server_it_says_so() -> None:
    assert "has no MCP servers" in tools_of_servers([]).obstacle
    assert "off: the server is off" in tools_of_servers([server("off", "x", state="off")]).obstacle
