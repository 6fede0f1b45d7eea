"""What is checked in every HTTP answer before it is read: where it leads, how it is packed, how long it may be."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING

from workbench.core.http_rules import KEEPS_METHOD
from workbench.providers.chunked_body import join_chunks
from workbench.providers.wire_failure import not_decompressed, redirected

if TYPE_CHECKING:
    import httpx2

MAX_ERROR_BYTES = 256 * 1024


def guard_answers(http: "httpx2.AsyncClient") -> None:
    """Let the client's requests fail with `ProviderFailure` where an answer redirects to another origin, or is not
    compressed as it says; follow only redirects within the origin that keep the request as it is.

    The body of an error is read to a limit, and as far as it comes: the words before a break still count.
    """
    join_chunks()
    http.event_hooks = {**http.event_hooks, "response": [*http.event_hooks.get("response", []), _check]}


async def _check(response: "httpx2.Response") -> None:
    import httpx2  # loaded by the code that made the client; keep it out of the program's start

    status = response.status_code
    if response.has_redirect_location and not _may_follow(response):
        raise redirected(status, response.headers["location"])
    _check_encoding(response)
    if status < 300:
        return
    _bound(response)
    try:
        await response.aread()
    except httpx2.DecodingError as error:
        raise not_decompressed(str(error), status) from None


def _may_follow(response: "httpx2.Response") -> bool:
    """Whether a redirect leads to the same scheme, host and port, with the same method and no user of its own."""
    import httpx2

    asked = response.request.url
    try:
        there = asked.join(response.headers["location"])
    except httpx2.InvalidURL:
        return False
    keeps_method = response.status_code in KEEPS_METHOD or response.request.method == "GET"
    same_place = (there.scheme, there.host, there.port) == (asked.scheme, asked.host, asked.port)
    return keeps_method and same_place and there.userinfo in (b"", asked.userinfo)


def _check_encoding(response: "httpx2.Response") -> None:
    asked = response.request.headers.get("accept-encoding", "").lower().split(",")
    for encoding in map(str.strip, response.headers.get("content-encoding", "").lower().split(",")):
        if encoding not in ("", "identity", *map(str.strip, asked)):
            raise not_decompressed(f"{encoding[:40]!r} was not asked for", response.status_code)


def _bound(response: "httpx2.Response") -> None:
    import httpx2

    class BoundedStream(httpx2.AsyncByteStream):
        def __init__(self, stream: httpx2.AsyncByteStream) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            left = MAX_ERROR_BYTES
            try:
                async with aclosing(aiter(self._stream)) as pieces:  # type: ignore[type-var]
                    async for piece in pieces:
                        yield piece[:left]
                        left -= len(piece)
                        if left <= 0:
                            return
            except httpx2.TransportError:
                return

        async def aclose(self) -> None:
            await self._stream.aclose()

    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = BoundedStream(response.stream)
