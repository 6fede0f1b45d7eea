"""The served tools as an MCP server over standard input and output, until its input ends."""

import time
from typing import Any

from mcp.server.stdio import stdio_server

from workbench.app.service.service_client import ServiceClient
from workbench.app.service.tool_service import ToolService
from workbench.service.mcp_tools import mcp_server

CLIENT = ServiceClient("stdio", frozenset({"read", "call"}))
"""The program that started this process. Nobody sees what it would approve, so it approves nothing."""


async def serve_stdio(tools: ToolService, title: str) -> None:
    """Serve one client. Standard output carries nothing but messages meanwhile."""
    server = mcp_server(tools, title, _client_of, time.time)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
    await tools.close()


def _client_of(_context: Any) -> ServiceClient:
    return CLIENT
