"""What every request has to pass before anything of the program sees it: address, origin, size, type, token, rate."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workbench.app.service.client_tokens import ClientTokens
from workbench.app.service.service_client import ServiceClient
from workbench.service.problem import problem

CLIENT = "workbench.client"
"""Where the client is in the scope of a request."""
IS_WELCOME = "workbench.is_welcome"
"""Where a request has a function that says whether its token still counts."""
MAX_BODY = 4 * 1024 * 1024
RATE_PER_S = 100.0
BURST = 300.0
OPEN_PATHS = frozenset({"/health", "/ready"})
"""What needs no token, and says nothing but whether the service is there and can record calls."""
_SECRET_PARAMETERS = frozenset({"token", "access_token", "key", "api_key", "authorization"})
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Guard:
    """Wraps the whole application."""

    def __init__(
        self,
        app: ASGIApp,
        tokens: ClientTokens,
        *,
        hosts: frozenset[str],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`hosts` are the values of the Host header that are ours, with the port."""
        self._app = app
        self._tokens = tokens
        self._hosts = hosts
        self._now = now
        self._allowance: dict[str, tuple[float, float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self._refusal(scope, headers)
        if refused is None:
            client = self._client(headers)
            if client is None and scope["path"] not in OPEN_PATHS:
                refused = problem(
                    401,
                    "a bearer token is needed",
                    hint="Send the header Authorization: Bearer TOKEN.",
                    headers={"www-authenticate": "Bearer"},
                )
            elif client is not None and not self._may_go_on(client):
                refused = problem(429, "too many requests", headers={"retry-after": "1"})
            else:
                scope[CLIENT] = client
                scope[IS_WELCOME] = lambda: client is None or self._client(headers) is not None
        if refused is not None:
            await refused(scope, receive, send)
            return
        await self._app(scope, _Bounded(receive, MAX_BODY), _without_cache(send))

    def _refusal(self, scope: Scope, headers: dict[bytes, str]) -> Any:
        host = headers.get(b"host", "").lower()
        if host not in self._hosts:
            return problem(421, "this is not an address of the service", hint=f"Use one of {', '.join(self._hosts)}.")
        origin = headers.get(b"origin")
        if origin is not None and origin.lower() not in {f"http://{each}" for each in self._hosts}:
            return problem(403, "requests from other web pages are refused")
        if headers.get(b"sec-fetch-site", "none") not in ("none", "same-origin"):
            return problem(403, "requests from other web pages are refused")
        if _SECRET_PARAMETERS & set(parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)):
            return problem(400, "a token never belongs in an address", hint="Send it as Authorization: Bearer TOKEN.")
        if scope["method"] in ("POST", "PUT", "PATCH", "DELETE"):
            kind = headers.get(b"content-type", "").partition(";")[0].strip().lower()
            has_body = headers.get(b"content-length", "0") != "0" or b"transfer-encoding" in headers
            if has_body and kind != "application/json":
                return problem(415, "the body must be application/json")
        try:
            if int(headers.get(b"content-length", "0")) > MAX_BODY:
                return problem(413, f"a body has at most {MAX_BODY:,} bytes")
        except ValueError:
            return problem(400, "the length of the body is not a number")
        return None

    def _client(self, headers: dict[bytes, str]) -> ServiceClient | None:
        scheme, _, token = headers.get(b"authorization", "").partition(" ")
        return self._tokens.client(token.strip()) if scheme.lower() == "bearer" and token.strip() else None

    def _may_go_on(self, client: ServiceClient) -> bool:
        """A bucket of `BURST` requests for each token, filled with `RATE_PER_S` a second."""
        now = self._now()
        left, at = self._allowance.get(client.name, (BURST, now))
        left = min(BURST, left + (now - at) * RATE_PER_S)
        self._allowance[client.name] = (max(0.0, left - 1.0), now)
        return left >= 1.0


def own_hosts(host: str, port: int) -> frozenset[str]:
    """The Host headers of a service at this address. On loopback its other names are as good."""
    names = {f"[{host}]" if ":" in host else host, *_LOOPBACK}
    return frozenset(f"{name}:{port}" for name in names)


class _Bounded:
    """Ends a body that is longer than it may be, whatever its header says."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                return {"type": "http.disconnect"}
        return message


def _without_cache(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message["headers"] if name.lower() != b"cache-control"]
            message["headers"] = [*kept, (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
        await send(message)

    return sent
