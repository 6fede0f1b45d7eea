"""Doing a thing many times, some of it at once. Standard library only."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from benchmark.programs.cost import Cost, report

_WARM_UP = 3


async def measure(
    run: Callable[[], Awaitable[object]],
    order: Any,
    *,
    flush: Callable[[], object] | None = None,
    part_cpu_s: Callable[[], float] = lambda: 0.0,
) -> None:
    """Warm up, then `order["runs"]` runs with `order["concurrency"]` at once; reports their cost. `part_cpu_s` says
    what a part of the process has used so far; its share is reported as well."""
    for _ in range(min(_WARM_UP, order["runs"])):
        await run()
    if flush is not None:
        flush()
    slots = asyncio.Semaphore(order["concurrency"])

    async def one() -> None:
        async with slots:
            await run()

    part_s = -part_cpu_s()
    with Cost(is_family=bool(order.get("in_children"))) as cost:
        async with asyncio.TaskGroup() as group:
            for _ in range(order["runs"]):
                group.create_task(one())
        if flush is not None:
            flush()
    part_s += part_cpu_s()
    report(cpu_s=cost.cpu_s, wall_s=cost.wall_s, runs=order["runs"], part_s=part_s)
