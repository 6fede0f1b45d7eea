"""A project of many tools or much code: what saving a tool and making a call take from the loop."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmark.programs.bench_project import user_folders
from benchmark.programs.cost import order, report
from benchmark.programs.grown import write_code, write_tool, write_tools
from workbench.app.session import Session
from workbench.store.registry import ToolRegistry

_TIMES = 7
_SETTLED_S = 2.5
"""Only after so long a file is known by its state."""


async def median_s(act: Callable[[int], Awaitable[object]]) -> float:
    """The processor time that the loop's thread takes for it, the middle one of several times."""
    taken = []
    for number in range(_TIMES):
        begun = time.thread_time()
        await act(number)
        taken.append(time.thread_time() - begun)
    return sorted(taken)[_TIMES // 2]


async def main() -> None:
    """Measure as ordered."""
    told = order()
    home = Path(told["folder"])
    folder = home / "grown"
    write_tools(folder, told["tools"])
    write_code(folder, told["files"])
    await asyncio.sleep(_SETTLED_S)
    session = Session(folder, folders=user_folders(home), trust_for_now=True)

    async def save(number: int) -> None:
        write_tool(folder, 1, f"It was saved {number} times.")
        await session.reload()

    await save(0)
    save_s = await median_s(save)
    registry, tool = ToolRegistry(session.project.folder), session.toolset[0]
    await registry.fingerprint(tool)
    fingerprint_s = await median_s(lambda _: registry.fingerprint(tool))
    await session.close()
    report(save_s=save_s, fingerprint_s=fingerprint_s)


if __name__ == "__main__":
    asyncio.run(main())
