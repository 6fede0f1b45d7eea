"""The workbench without a window: a project is opened, its runs are validated, executed and recorded to disk."""

import asyncio
import time
from pathlib import Path

from benchmark.programs.bench_project import open_session
from benchmark.programs.cost import order, thread_cpu_s
from benchmark.programs.many_runs import measure
from benchmark.programs.weather import PROMPT
from workbench.core.telemetry.telemetry_order import TelemetryOrder


async def main() -> None:
    """Measure as ordered."""
    told = order()
    home = Path(told["folder"])
    telemetry = TelemetryOrder(str(home / "traces.jsonl"), bool(told.get("content"))) if "telemetry" in told else None
    session = open_session(home, told["url"], in_children=bool(told.get("in_children")), telemetry=telemetry)

    ended = 0

    def flush() -> None:
        session.store.flush()
        while telemetry is not None and session.telemetry.state.delivered < ended:
            time.sleep(0.02)

    async def run() -> None:
        finished = await session.runs.start(PROMPT).finished()
        assert finished.outcome == "answered", finished.message
        nonlocal ended
        ended += 1

    try:
        await measure(run, told, flush=flush, part_cpu_s=lambda: thread_cpu_s("telemetry"))
    finally:
        await session.close()


if __name__ == "__main__":
    asyncio.run(main())
