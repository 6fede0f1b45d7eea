"""A streamable HTTP server made with the MCP SDK, on this machine. Prints its port; ends when its input ends.

python remote_mcp_server.py KEY
"""

import asyncio
import socket
import sys
from typing import Any

import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from starlette.responses import JSONResponse

server = MCPServer("remote")


@server.tool()
async def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@server.tool()
async def wait(ctx: Context) -> str:
    """Never come back."""
    await ctx.report_progress(1, 3, "waiting")
    await asyncio.sleep(3_600)
    return "never"


def main(key: str) -> None:
    app = server.streamable_http_app()

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope.get("headers", []))
        if scope["type"] == "http" and headers.get(b"authorization") != f"Bearer {key}".encode():
            await JSONResponse({"error": "who are you?"}, 401)(scope, receive, send)
            return
        await app(scope, receive, send)

    listening = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    running = uvicorn.Server(uvicorn.Config(guarded, log_level="error"))

    async def serve() -> None:
        serving = asyncio.create_task(running.serve([listening]))
        await asyncio.to_thread(sys.stdin.read)
        running.force_exit = running.should_exit = True
        await serving

    asyncio.run(serve())


if __name__ == "__main__":
    main(sys.argv[1])
