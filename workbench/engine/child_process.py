"""Starting a child process so that a cancellation in the middle leaves nothing behind.

`asyncio.create_subprocess_exec` that is cancelled while it connects the pipes forgets a process that is running, with
its pipes open (Python 3.11 to 3.13). Here the start is always finished, and what came up is ended again.
"""

import asyncio
import contextlib
import signal
from typing import Any


async def spawn(*command: str, **options: Any) -> asyncio.subprocess.Process:
    """Start `command`; takes what `asyncio.create_subprocess_exec` takes and raises what it raises.

    When it is cancelled, the child has ended before the cancellation goes on.
    """
    starting = asyncio.ensure_future(asyncio.create_subprocess_exec(*command, **options))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with contextlib.suppress(OSError, ValueError):
            await _end(await _whatever_happens(starting))
        raise


def how_it_ended(code: int) -> str:
    """What an exit code says: `ended by itself with exit code 1`, `was ended by SIGKILL`."""
    if code >= 0:
        return f"ended by itself with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await _whatever_happens(asyncio.ensure_future(process.wait()))
    process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001 — or its pipes stay open until collected


async def _whatever_happens(future: "asyncio.Future[Any]") -> Any:
    """Its result, however often this task is cancelled meanwhile: the first cancellation is raised by the caller."""
    while not future.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([future])
    return future.result()
