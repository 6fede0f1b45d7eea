"""A client that calls the tool over and over; what it cost is what the server's processes took.

The server is a program of its own: it prints its address and its token, then its cost for each line that it reads.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from benchmark.programs.cost import order, report
from benchmark.programs.weather import RESULT

Call = Callable[[], Awaitable[None]]
_WARM_UP = 20


async def main() -> None:
    """Measure as ordered."""
    told = order()
    command = [sys.executable, "-m", f"benchmark.programs.{told['server']}", json.dumps(told)]
    server = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdin is not None
    assert server.stdout is not None
    place = json.loads(await server.stdout.readline())

    async def cost_s() -> float:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(b"\n")
        return float(await server.stdout.readline())

    headers = {"authorization": f"Bearer {place['token']}"}
    async with (
        httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60) as http,
        _CLIENTS[told["over"]](http, place["url"]) as call,
    ):
        await _many(call, min(_WARM_UP, told["calls"]), told["at_once"])
        before = await cost_s()
        await _many(call, told["calls"], told["at_once"])
        after = await cost_s()
    server.stdin.close()
    await server.wait()
    report(cpu_s=after - before, calls=told["calls"])


async def _many(call: Call, calls: int, at_once: int) -> None:
    left = iter(range(calls))

    async def some() -> None:
        for _ in left:
            await call()

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(some())


@asynccontextmanager
async def _over_http(http: httpx2.AsyncClient, url: str) -> AsyncIterator[Call]:
    async def call() -> None:
        answer: Any = await http.post(f"{url}/v1/tools/get_weather/call", json={"arguments": {"city": "Oslo"}})
        assert answer.status_code == 200, answer.text
        assert json.loads(answer.json()["text"]) == RESULT

    yield call


@asynccontextmanager
async def _over_mcp(http: httpx2.AsyncClient, url: str) -> AsyncIterator[Call]:
    async with Client(streamable_http_client(f"{url}/mcp", http_client=http), mode="2026-07-28") as client:

        async def call() -> None:
            answer = await client.call_tool("get_weather", {"city": "Oslo"})
            assert answer.structured_content == RESULT, answer

        yield call


_CLIENTS = {"http": _over_http, "mcp": _over_mcp}

if __name__ == "__main__":
    asyncio.run(main())
