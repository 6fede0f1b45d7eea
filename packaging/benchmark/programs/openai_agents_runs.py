"""A peer: openai-agents, streaming, its tracing switched off."""

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
    agents = import_module("agents")
    agents.set_tracing_disabled(True)
    client = import_module("openai").AsyncOpenAI(api_key="none", base_url=told["url"], max_retries=0)
    model = agents.OpenAIChatCompletionsModel(MODEL, openai_client=client)
    agent = agents.Agent(name="bench", model=model, tools=[agents.function_tool(get_weather)])

    async def run() -> None:
        async for _ in agents.Runner.run_streamed(agent, PROMPT).stream_events():
            pass

    await measure(run, told)


if __name__ == "__main__":
    asyncio.run(main())
