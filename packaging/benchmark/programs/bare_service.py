"""The same function behind a bare FastAPI and a bare server of the MCP SDK, in the server's own process."""

import asyncio
import json
import socket
from typing import Any

import uvicorn

from benchmark.programs.cost import order
from benchmark.programs.told_cost import tell
from benchmark.programs.weather import get_weather

HOST = "127.0.0.1"


def fastapi_app() -> Any:
    """One route, whose body is checked."""
    from fastapi import FastAPI
    from pydantic import BaseModel

    class Arguments(BaseModel):
        city: str

    class Body(BaseModel):
        arguments: Arguments

    app = FastAPI()

    @app.post("/v1/tools/get_weather/call")
    async def call(body: Body) -> dict[str, str]:
        return {"text": json.dumps(get_weather(**body.arguments.model_dump()))}

    return app


def mcp_app() -> Any:
    """One tool, made from the function's annotations."""
    from mcp.server import MCPServer

    server = MCPServer("bare")
    server.tool()(get_weather)
    return server.streamable_http_app(host=HOST)


async def main() -> None:
    """Serve until the input closes."""
    app = fastapi_app() if order()["over"] == "http" else mcp_app()
    listening = socket.create_server((HOST, 0))
    config = uvicorn.Config(app, log_config=None, access_log=False, http="h11", loop="none", ws="none")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))  # the socket listens already, so clients may come
    await tell(f"http://{HOST}:{listening.getsockname()[1]}", "none")
    server.should_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(main())
