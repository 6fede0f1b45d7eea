"""The local model: how long its tools take to be read, and a request after that, with busy processes beside it."""

import asyncio
import subprocess
import sys
import time

from benchmark.programs.cost import order, report
from benchmark.programs.weather import DESCRIPTION, SCHEMA
from workbench.core.exchange import ModelRequest, ModelResponse
from workbench.core.message import UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.providers.local.adapter import LocalAdapter


async def seconds(adapter: LocalAdapter, tools: Toolset, prompt: str) -> float:
    """How long one answer takes."""
    begun = time.monotonic()
    request = ModelRequest(model="needle", messages=(UserMessage(prompt),), tools=tools)
    items = [item async for item in adapter.stream(adapter.encode(request))]
    assert isinstance(items[-1], ModelResponse)
    return time.monotonic() - begun


def busy_process() -> "subprocess.Popen[bytes]":
    """One that never pauses."""
    return subprocess.Popen([sys.executable, "-c", "while True: pass"])


async def main() -> None:
    """Measure as ordered."""
    told = order()
    named = [f"get_weather_{number}" for number in range(told["tools"])]
    tools = Toolset([Tool({"name": name, "description": DESCRIPTION, "inputSchema": SCHEMA}) for name in named])
    busy = [busy_process() for _ in range(told["busy"])]
    adapter = LocalAdapter()
    try:
        load_s = await seconds(adapter, tools, "What is the weather in Oslo?")
        took = [await seconds(adapter, tools, f"What is the weather in city {n}?") for n in range(told["requests"])]
    finally:
        await adapter.close()
        for process in busy:
            process.kill()
            process.wait()
    report(load_s=load_s, request_s=sorted(took)[len(took) // 2])


if __name__ == "__main__":
    asyncio.run(main())
