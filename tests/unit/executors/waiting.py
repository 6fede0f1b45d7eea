"""Waiting for what another process does, without guessing how long it takes."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path


async def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds; give up only after minutes."""
    async with asyncio.timeout(120):
        while not condition():  # noqa: ASYNC110 — another process cannot set our event
            await asyncio.sleep(0.01)


async def written(path: Path) -> str:
    """The content of a file that another process will put in place."""
    await until(path.exists)
    return path.read_text()  # noqa: ASYNC240 — a few bytes


def is_gone(pid: int) -> bool:
    """Whether no process has that id, or only one that has ended and waits for its parent to look."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return True
    return state == "Z"
