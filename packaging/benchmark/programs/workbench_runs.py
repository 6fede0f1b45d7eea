"""The workbench without a window: a project is opened, its runs are validated, executed and recorded to disk."""

import asyncio
from pathlib import Path

from benchmark.programs.bench_project import open_session
from benchmark.programs.cost import order
from benchmark.programs.many_runs import measure
from benchmark.programs.weather import PROMPT


async def main() -> None:
    """Measure as ordered."""
    told = order()
    session = open_session(Path(told["folder"]), told["url"], in_children=bool(told.get("in_children")))

    async def run() -> None:
        finished = await session.runs.start(PROMPT).finished()
        assert finished.outcome == "answered", finished.message

    try:
        await measure(run, told, flush=session.store.flush)
    finally:
        await session.close()


if __name__ == "__main__":
    asyncio.run(main())
