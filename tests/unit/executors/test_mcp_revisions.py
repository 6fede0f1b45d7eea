"""Both revisions of the protocol, with the SDK's own server behind a sign-in: which one is spoken is negotiated."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from mcp.server.mcpserver import MCPServer
from starlette.responses import JSONResponse

from tests.support.sign_in_server import Agreeing, SignInServer, sign_in_server
from tests.unit.executors.test_mcp_sign_in import Kept
from workbench.core.errors import ExecutorUnavailable
from workbench.executors.mcp_server import McpServer
from workbench.executors.mcp_sign_in import SignIn
from workbench.executors.mcp_spec import McpSpec
from workbench.executors.sign_in_setup import SignInSetup

NEW = "2026-07-28"


class Guarded:
    """The SDK's server; it lets in who has a token of `far`. `revisions` are those it was asked in."""

    def __init__(self, far: SignInServer, *, knows_new: bool) -> None:
        self.revisions: set[str] = set()
        self._far, self._knows_new = far, knows_new
        server = MCPServer("shop")
        server.add_tool(self._go, name="go")
        self._app = server.streamable_http_app()

    def _go(self) -> str:
        return "done"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            revision = headers.get("mcp-protocol-version", "")
            if headers.get("authorization", "").removeprefix("Bearer ") not in self._far.tokens:
                where = f'Bearer resource_metadata="{self._far.at.origin}/.well-known/oauth-protected-resource/mcp"'
                await JSONResponse({}, 401, {"www-authenticate": where})(scope, receive, send)
                return
            if revision == NEW and not self._knows_new:
                await JSONResponse({"error": "what?"}, 400)(scope, receive, send)
                return
            self.revisions.add(revision)
        await self._app(scope, receive, send)


@contextlib.asynccontextmanager
async def served(app: Guarded) -> AsyncIterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=2))
    serving = asyncio.create_task(running.serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
    finally:
        running.should_exit = True
        await serving
        watchers = [task for task in asyncio.all_tasks() if "_shutdown_watcher" in repr(task)]
        for watcher in watchers:
            watcher.cancel()
        await asyncio.gather(*watchers, return_exceptions=True)  # the SDK's event streams leave theirs behind


@pytest.mark.parametrize(("knows_new", "revision"), [(True, NEW), (False, "2025-11-25")])
async def test_the_newest_revision_that_both_know_is_spoken_with_the_token_of_the_sign_in(
    *, knows_new: bool, revision: str
) -> None:
    async with sign_in_server() as far:
        app = Guarded(far, knows_new=knows_new)
        async with served(app) as url:
            far.resource["resource"] = url
            kept = Kept()
            sign_in = SignIn(url, SignInSetup(), kept, kept, secret=lambda _: None, watch=lambda _: None)
            server = McpServer(McpSpec(name="shop", url=url), secret=lambda _: None, sign_in=sign_in)
            with pytest.raises(ExecutorUnavailable, match="sign in"):
                await server.start()
            await sign_in.run(Agreeing())
            await server.start()
            answer, _ = await server.call("go", {}, 30.0)
            assert answer["content"] == [{"type": "text", "text": "done"}]
            assert server.protocol == revision
            assert app.revisions - {""} == {revision}
            assert (answer.get("resultType") == "complete") == knows_new
            await server.stop()
