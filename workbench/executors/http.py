"""Calls carried out by an HTTP endpoint."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from workbench.core.body_wait import wait_in_body
from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.core.http_rules import REDIRECTS, retry_after_s, wait_words
from workbench.core.picture_header import redacted
from workbench.core.server_words import clip
from workbench.engine.ports import ExecutionOrder, ExecutionResult
from workbench.executors.http_answer import attachments_in, body_text, bounded_body, error_words, result_of
from workbench.executors.http_connections import HttpConnections
from workbench.executors.http_key import HttpKeys
from workbench.executors.http_request import HttpAuth, HttpEndpoint, Outgoing, outgoing

if TYPE_CHECKING:
    import httpx2

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, *range(520, 525), 529})
_MAX_REDIRECTS = 5
_ERROR_CHARS = 2_000


class HttpExecutor:
    """Sends one request for a call, with keys from the key store that go to this endpoint's own origin only.

    Raises `ToolError`: `http_404` and the like for an error status (with the beginning of its body), `http_redirect`,
    `http_too_large`, `http_mapping`, `http_connection`, `timeout` (the call may have taken effect), `arguments`.
    Whatever is returned or raised has gone through `redact`, and never holds a key.
    """

    def __init__(
        self,
        endpoint: HttpEndpoint,
        connections: HttpConnections,
        *,
        secret: Callable[[str], str | None],
        redact: Callable[[str], str] = str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`secret` finds a key by its name."""
        self._endpoint = endpoint
        self._connections = connections
        self._secret = secret
        self._redact = redact
        self._sleep = sleep

    @property
    def name(self) -> str:
        """`http METHOD address`."""
        return f"http {self._endpoint.method} {self._endpoint.url}"

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        """See `engine.ports.Executor`. Cancelling closes the connection."""
        endpoint = self._endpoint
        limit_s = min(order.time_limit_s, endpoint.time_limit_s or order.time_limit_s)
        request = outgoing(endpoint, order.arguments)
        keys = self._keys()
        try:
            async with asyncio.timeout(limit_s):
                return await self._with_retries(request, keys, limit_s)
        except TimeoutError:
            said = f"no answer after {limit_s:g} s; the call may have taken effect"
            raise ToolError(said, kind="timeout") from None

    def _keys(self) -> HttpKeys:
        found = []
        for auth in self._endpoint.keys:
            value = self._secret(auth.key)
            if value is None:
                raise ExecutorUnavailable(f"it needs the key {auth.key}, which is not set", hint=f"Set {auth.key}.")
            found.append((auth, value))
        return HttpKeys(found)

    async def _with_retries(self, request: Outgoing, keys: HttpKeys, limit_s: float) -> ExecutionResult:
        attempts = self._endpoint.retries + 1 if self._endpoint.may_retry else 1
        ends_at = asyncio.get_running_loop().time() + limit_s
        for attempt in range(1, attempts + 1):
            try:
                return await self._once(request, keys)
            except _Again as again:
                wait_s = again.wait_s if again.wait_s is not None else 0.5 * 2 ** (attempt - 1)
                if attempt == attempts or asyncio.get_running_loop().time() + wait_s >= ends_at:
                    tried = f" (tried {attempt} times)" if attempt > 1 else ""
                    asked = f"; it asks for a wait of {wait_words(again.wait_s)}" if again.wait_s else ""
                    raise ToolError(again.message + tried + asked, kind=again.kind) from None
                await self._sleep(wait_s)
        raise AssertionError("unreachable")

    async def _once(self, request: Outgoing, keys: HttpKeys) -> ExecutionResult:
        import httpx2

        try:
            return await self._exchange(request, keys)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            reason = self._clean(str(error) or "no reason given", keys)
            said = f"{_origin(httpx2.URL(request.url))}: {type(error).__name__}: {reason}"
            if not isinstance(error, httpx2.ConnectError | httpx2.InvalidURL):
                said += "; the call may have taken effect"
            raise _Again(said, "http_connection") from None

    async def _exchange(self, request: Outgoing, keys: HttpKeys) -> ExecutionResult:
        client = self._connections.client()
        headers = {"accept": "application/json, text/*;q=0.9, */*;q=0.1", **_lower(request.headers)}
        headers["accept-encoding"] = "identity"
        if request.content_type:
            headers.setdefault("content-type", request.content_type)
        following = client.build_request(request.method, request.url, headers=headers, content=request.content or None)
        for _ in range(_MAX_REDIRECTS + 1):
            keys.put_into(following)
            response = await client.send(following, stream=True, follow_redirects=False)
            try:
                if response.status_code not in REDIRECTS:
                    return await self._read(response, keys)
                following = self._next(response, keys)
            finally:
                await response.aclose()
        raise ToolError(f"more than {_MAX_REDIRECTS} redirects", kind="http_redirect")

    async def _read(self, response: "httpx2.Response", keys: HttpKeys) -> ExecutionResult:
        status = response.status_code
        if response.is_success:
            body = await bounded_body(response, self._endpoint.max_bytes)
            text = self._clean(body_text(response, body), keys)
            value = result_of(text, response.headers.get("content-type", ""), self._endpoint.response)
            attachments = tuple(
                redacted(one, partial(self._clean, keys=keys)) for one in attachments_in(response, body)
            )
            return ExecutionResult(value, f"HTTP {status}, {len(body):,} bytes", attachments=attachments)
        said = f"HTTP {status} {response.reason_phrase}".strip()
        try:
            text = self._clean(await error_words(response, self._endpoint.max_bytes), keys)
        except ToolError as error:  # asking again would give the same
            raise ToolError(f"{said}, and {error.message}", kind=error.kind) from None
        if text:
            said += f": {clip(text, _ERROR_CHARS)}"
        wait_s = retry_after_s(response.headers, datetime.now(UTC))
        if wait_s is None and status in _TRANSIENT:
            wait_s = wait_in_body(text)
        if status in _TRANSIENT or wait_s is not None:
            raise _Again(said, f"http_{status}", wait_s)
        raise ToolError(said, kind=f"http_{status}", hint=self._advice(status))

    def _advice(self, status: int) -> str:
        """What the person can do about a refusal; no key is in it, only its name."""
        if status not in (401, 403):
            return ""
        keys = self._endpoint.keys
        if not keys:
            return "No key was sent. Name one as auth.key next to the url of this tool in workbench.toml."
        sent = "; ".join(f"The key {auth.key} was sent {auth.place}{_scheme(auth, status)}" for auth in keys)
        if status == 403:
            return f"{sent}; {'it was' if len(keys) == 1 else 'they were'} not enough for this."
        names = " and ".join(auth.key for auth in keys)
        return f"{sent}. Check {names}, or change auth next to the url of this tool in workbench.toml."

    def _clean(self, text: str, keys: HttpKeys) -> str:
        return self._redact(keys.hidden_in(text))

    def _next(self, response: "httpx2.Response", keys: HttpKeys) -> "httpx2.Request":
        try:
            return _next(response)
        except ToolError as error:  # the place may repeat the key
            raise ToolError(self._clean(error.message, keys), kind=error.kind, hint=error.hint) from None


class _Again(Exception):
    """A failure after which another attempt may help; `wait_s` is how long the server asks to wait."""

    def __init__(self, message: str, kind: str, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.wait_s = wait_s


def _next(response: "httpx2.Response") -> "httpx2.Request":
    """The request a redirect asks for, only where it stays with the very same origin and keeps the arguments."""
    following = response.next_request
    if following is None:
        raise ToolError("it redirects without saying where to", kind="http_redirect")
    if _origin(following.url) != _origin(response.request.url) or following.url.userinfo:
        said = f"it redirects to {_origin(following.url)}, which is a different address; it was not followed"
        raise ToolError(said, kind="http_redirect", hint="If it has moved there, change the url of the tool.")
    if following.method != response.request.method and response.status_code != 303:
        said = f"it redirects to {following.url.path} with status {response.status_code}, which would drop the request"
        raise ToolError(said, kind="http_redirect", hint="Change the url of the tool.")
    return following


def _scheme(auth: HttpAuth, status: int) -> str:
    if status == 403 or auth.query or auth.cookie:
        return ""
    return f" with the scheme {auth.scheme}" if auth.scheme else " without a scheme"


def _origin(url: "httpx2.URL") -> str:
    port = f":{url.port}" if url.port is not None else ""
    return f"{url.scheme}://{url.host}{port}"


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
