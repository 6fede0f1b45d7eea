"""A peer: pydantic-ai, streaming."""

import asyncio
from importlib import import_module

from benchmark.programs.cost import order
from benchmark.programs.many_runs import measure
from benchmark.programs.weather import MODEL, PROMPT, RESULT


async def get_weather(city: str) -> dict[str, object]:
    """The weather in a city right now."""
    return dict(RESULT)


async def main() -> None:
    """Measure as ordered."""
    told = order()
    provider = import_module("pydantic_ai.providers.openai").OpenAIProvider(base_url=told["url"], api_key="none")
    model = import_module("pydantic_ai.models.openai").OpenAIChatModel(MODEL, provider=provider)
    agent = import_module("pydantic_ai").Agent(model, tools=[get_weather])

    async def run() -> None:
        async with agent.run_stream(PROMPT) as answer:
            async for _ in answer.stream_text(delta=True, debounce_by=None):
                pass

    await measure(run, told)


if __name__ == "__main__":
    asyncio.run(main())
