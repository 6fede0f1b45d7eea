"""Tools of running MCP servers, as tools of the project: its own descriptions, the server's work."""

from collections.abc import Iterable

from workbench.app.imports.found import Found, FoundTool
from workbench.app.imports.names import Names
from workbench.app.mcp.mcp_servers import ServerView
from workbench.core.tool import Tool


def tools_of_servers(servers: Iterable[ServerView]) -> Found:
    """Every tool of the servers that are ready. It keeps the server's name if no other tool has it."""
    names = Names()
    items: list[FoundTool] = []
    skipped: list[tuple[str, str]] = []
    for server in servers:
        if server.state != "ready":
            skipped.append((server.name, server.failure or f"the server is {server.state}"))
        for one in server.tools if server.state == "ready" else ():
            identity = f"{one.server}:{one.name}"
            tool = Tool({**one.tool.document, "name": names.take(one.name, identity)})
            row = {"kind": "mcp", "server": one.server, "tool": one.name}
            items.append(FoundTool(tool, f"MCP server {one.server}", row, identity))
    shapes = ", ".join(dict.fromkeys(one.shape for one in items))
    said = "; ".join(f"{name}: {why}" for name, why in skipped) or "the project has no MCP servers"
    obstacle = "" if items else f"No server is running: {said}. Approve one on the page MCP servers."
    return Found(tuple(items), shapes, obstacle, skipped=tuple(skipped))
