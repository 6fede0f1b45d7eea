"""An MCP server that is reached over streamable HTTP."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any


@asynccontextmanager
async def http_transport(
    url: str, headers: Mapping[str, str], on_answer: Callable[[str], None] = lambda why: None
) -> AsyncGenerator[Any]:
    """Carry messages to and from `url`. Redirects are followed within its origin only, so that is where keys stay.

    `on_answer` hears in words what the server answered instead of messages, of which the SDK only says that it did;
    an empty text when it took a message.
    """
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    async def heard(answer: httpx2.Response) -> None:
        if answer.request.method == "POST":
            has_token = "authorization" in map(str.lower, headers)
            is_well = answer.status_code < 400
            on_answer("" if is_well else _in_words(answer.status_code, has_token=has_token))

    timeout = httpx2.Timeout(30.0, read=300.0)
    hooks = {"response": [heard]}
    async with (
        httpx2.AsyncClient(headers=dict(headers), timeout=timeout, follow_redirects=False, event_hooks=hooks) as client,
        streamable_http_client(url, http_client=client) as streams,
    ):
        yield streams


def _in_words(status: int, *, has_token: bool) -> str:
    said = f"it answered {status}" + (f" {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else "")
    match status:
        case 401 if has_token:
            return f"{said}: it does not take the token it was given"
        case 401:
            return (
                f"{said}: it wants to know who is there. The workbench does not sign in by itself (OAuth); put a token "
                "of yours into the key store and name it under headers, as Authorization"
            )
        case 403:
            return f"{said}: what it was given is not enough for this"
        case 404 | 405:
            return f"{said}: there is no MCP server at this address"
        case _:
            return said
