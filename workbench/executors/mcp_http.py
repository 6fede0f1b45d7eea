"""An MCP server that is reached over streamable HTTP."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def http_transport(url: str, headers: Mapping[str, str]) -> AsyncGenerator[Any]:
    """Carry messages to and from `url`. Redirects are followed within its origin only, so that is where keys stay."""
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    timeout = httpx2.Timeout(30.0, read=300.0)
    async with (
        httpx2.AsyncClient(headers=dict(headers), timeout=timeout, follow_redirects=False) as client,
        streamable_http_client(url, http_client=client) as streams,
    ):
        yield streams
