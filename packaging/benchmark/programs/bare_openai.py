"""The floor: a tool loop as one would write it by hand on the SDK's typed chunks. Records nothing."""

import asyncio
import json
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from openai import AsyncOpenAI

from benchmark.programs.cost import order
from benchmark.programs.many_runs import measure
from benchmark.programs.weather import DESCRIPTION, MODEL, PROMPT, SCHEMA, get_weather

_CHILDREN = 3
"""As many as there are calls at once."""
TOOLS: Any = [
    {"type": "function", "function": {"name": "get_weather", "description": DESCRIPTION, "parameters": SCHEMA}}
]


async def run(client: AsyncOpenAI, children: Executor | None) -> str:
    """From the message to the answer. With `children` the tool is called in them."""
    messages: list[Any] = [{"role": "user", "content": PROMPT}]
    while True:
        text, calls = await ask(client, messages)
        if not calls:
            return text
        messages.append({"role": "assistant", "content": text, "tool_calls": calls})
        messages += await asyncio.gather(*(execute(call, children) for call in calls))


async def ask(client: AsyncOpenAI, messages: list[Any]) -> tuple[str, list[Any]]:
    """One streamed answer, put together."""
    stream: Any = await client.chat.completions.create(
        model=MODEL, messages=messages, tools=TOOLS, stream=True, stream_options={"include_usage": True}
    )
    text: list[str] = []
    calls: dict[int, Any] = {}
    async for chunk in stream:
        for choice in chunk.choices:
            if choice.delta.content:
                text.append(choice.delta.content)
            for piece in choice.delta.tool_calls or ():
                function = {"name": "", "arguments": ""}
                call = calls.setdefault(piece.index, {"id": "", "type": "function", "function": function})
                call["id"] = piece.id or call["id"]
                call["function"]["name"] += piece.function.name or ""
                call["function"]["arguments"] += piece.function.arguments or ""
    return "".join(text), [calls[index] for index in sorted(calls)]


async def execute(call: Any, children: Executor | None) -> Any:
    """The tool's result as a message."""
    city = json.loads(call["function"]["arguments"])["city"]
    if children is None:
        result = get_weather(city)
    else:
        result = await asyncio.get_running_loop().run_in_executor(children, get_weather, city)
    return {"role": "tool", "tool_call_id": call["id"], "content": json.dumps(result)}


async def main() -> None:
    """Measure as ordered."""
    told = order()
    pool = ProcessPoolExecutor(_CHILDREN, get_context("spawn")) if told.get("in_children") else None
    async with AsyncOpenAI(api_key="none", base_url=told["url"], max_retries=0) as client:
        once = [{"role": "user", "content": PROMPT}]
        await measure(lambda: ask(client, once) if told.get("only_ask") else run(client, pool), told)
    if pool is not None:
        pool.shutdown()


if __name__ == "__main__":
    asyncio.run(main())
