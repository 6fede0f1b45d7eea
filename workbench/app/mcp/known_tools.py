"""The known tools of a project's MCP servers, without starting one."""

from collections.abc import Iterator

from workbench.core.errors import WorkbenchError
from workbench.core.tool import Tool
from workbench.store.mcp_file import seal_row
from workbench.store.mcp_store import McpStore
from workbench.store.project import Project


def known_tools(project: Project, store: McpStore) -> tuple[Tool, ...]:
    """The tools that approved servers last listed, or that were accepted since; a server that never ran has none. Tools
    whose names the project's own tools have are not offered, and left out."""
    own = set(project.toolset.names)
    return tuple(tool for tool in _remembered(project, store) if tool.name not in own)


def _remembered(project: Project, store: McpStore) -> Iterator[Tool]:
    for row in project.file.mcp.values():
        seal = seal_row(row, project.folder)
        if row.is_off or not store.approves(seal):
            continue
        digests = store.tools(seal)
        for name, document in store.documents(seal).items():
            try:
                tool = Tool(document)
            except WorkbenchError:
                continue
            if tool.digest == digests.get(name):
                yield tool
