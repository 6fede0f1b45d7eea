"""The listening server: started and stopped from the window or the command line, always on one address."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn
from fastapi import FastAPI
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Receive, Scope, Send

from workbench.app.service.client_tokens import ClientTokens
from workbench.app.service.service_client import ServiceClient
from workbench.app.service.service_settings import DEFAULT_PORT
from workbench.app.service.tool_service import ToolService
from workbench.core.errors import UsageError
from workbench.service.guard import CLIENT, MAX_BODY, Guard, own_hosts
from workbench.service.http_api import http_api
from workbench.service.mcp_tools import mcp_server

LOOPBACK = "127.0.0.1"
CLOSING_S = 5.0


class Service:
    """A project that is being served. `start` and `stop` once each."""

    def __init__(
        self,
        tools: ToolService,
        tokens: ClientTokens,
        *,
        title: str,
        host: str = LOOPBACK,
        port: int = DEFAULT_PORT,
        with_mcp: bool = True,
    ) -> None:
        """Port 0 takes any that is free."""
        self._tools = tools
        self._tokens = tokens
        self._title = title
        self._host = host
        self._port = port
        self._with_mcp = with_mcp
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where it listens; empty while it does not."""
        return f"http://{self._host}:{self._port}" if self._task is not None else ""

    async def start(self) -> None:
        """Listen. Raises `UsageError` when the port is taken."""
        listening = _listen(self._host, self._port)
        self._port = listening.getsockname()[1]
        app = self._application()
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            lifespan="on",
            timeout_graceful_shutdown=int(CLOSING_S),
            timeout_keep_alive=30,
            h11_max_incomplete_event_size=64 * 1024,
            ws="none",
            http="h11",
            loop="none",
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve([listening]), name="service")
        begun = asyncio.ensure_future(self._server.begun.wait())
        await asyncio.wait({begun, self._task}, return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        if self._task.done():
            failure = self._task.exception()
            self._task = None
            raise UsageError(f"the service could not start: {failure}")

    async def stop(self) -> None:
        """Settle what clients started, let answers go out, and end. Nothing listens afterwards."""
        if self._server is None or self._task is None:
            return
        await self._tools.close()
        self._server.should_exit = True
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = self._server = None
        await _end_watchers()

    def _application(self) -> Guard:
        hosts = own_hosts(self._host, self._port)
        if not self._with_mcp:
            return Guard(http_api(self._tools, self._title), self._tokens, hosts=hosts)
        sessions = StreamableHTTPSessionManager(
            mcp_server(self._tools, self._title, _client_of, time.time),
            # The SDK switches its own checks off for other addresses than loopback.
            security_settings=TransportSecuritySettings(
                enable_dns_rebinding_protection=True,
                allowed_hosts=sorted(hosts),
                allowed_origins=[f"http://{host}" for host in sorted(hosts)],
            ),
            max_request_body_size=MAX_BODY,
            max_sessions=1_000,
        )

        @asynccontextmanager
        async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
            async with sessions.run():
                yield

        api, mcp = http_api(self._tools, self._title, lifespan), StreamableHTTPASGIApp(sessions)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await (mcp if scope.get("path") == "/mcp" else api)(scope, receive, send)

        return Guard(app, self._tokens, hosts=hosts)


async def _end_watchers() -> None:
    """sse-starlette, which the MCP SDK uses, leaves a task behind that looks twice a second whether its server ends,
    for as long as the loop runs. Remove when it ends with its server (its issue 211 is about the same task)."""
    watchers = [
        task for task in asyncio.all_tasks() if getattr(task.get_coro(), "__qualname__", "") == "_shutdown_watcher"
    ]
    for task in watchers:
        task.cancel()
    await asyncio.gather(*watchers, return_exceptions=True)


def _client_of(context: Any) -> ServiceClient:
    request = context.request
    found = request.scope.get(CLIENT) if request is not None else None
    if not isinstance(found, ServiceClient):
        raise PermissionError("no client")  # the guard lets nobody in without one
    return found


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise UsageError(
            f"nothing can listen on {host}:{port}: {error.strerror or error}", hint="Choose another port; 0 takes any."
        ) from None
    return listening


class _Server(uvicorn.Server):
    """Leaves signals to the program, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.begun = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn."""
        await super().startup(sockets)
        self.begun.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """See uvicorn."""
        yield
