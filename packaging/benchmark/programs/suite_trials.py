"""A suite run in this process: the same cases as a command would run, without its start and its report."""

import asyncio
from pathlib import Path

from benchmark.programs.bench_project import open_session, write_suite
from benchmark.programs.cost import Cost, order, report
from workbench.app.suites.suite_order import SuiteOrder

_WARM_UP = 3


async def main() -> None:
    """Measure as ordered."""
    told = order()
    session = open_session(Path(told["folder"]), told["url"])
    write_suite(session.project.folder, told["cases"])
    first = tuple(f"case-{number}" for number in range(_WARM_UP))
    await session.suites.begin(SuiteOrder(suite="cases", only=first)).run()
    runner = session.suites.begin(SuiteOrder(suite="cases", concurrency=told["concurrency"]))
    with Cost() as cost:
        results = await runner.run()
    assert runner.progress.right == told["cases"], runner.progress
    assert results.is_complete
    report(cpu_s=cost.cpu_s, wall_s=cost.wall_s)
    await session.close()


if __name__ == "__main__":
    asyncio.run(main())
