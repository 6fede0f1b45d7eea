"""Starting a child process so that a cancellation in the middle leaves nothing behind, and letting go of its pipes.

Workaround (python/cpython#103847): `asyncio.create_subprocess_exec` that is cancelled while it connects the pipes
forgets a process that is running, with its pipes open. Here the start always finishes, and then the process is ended
again. Remove when every Python in `requires-python` has the fix.

Workaround (python/cpython#119710): `Process.wait` waits for the pipes, too, which a grandchild may hold, and a process
has no public way to close them. `close_pipes` and `release` do it. Remove when every Python in `requires-python` has
the fix.
"""

import asyncio
import contextlib
import signal
import subprocess
import sys
from typing import Any

_OWN_GROUP: dict[str, Any]
"""Ctrl+C in a terminal is for us, not for a child."""
if sys.platform == "win32":
    _OWN_GROUP = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
else:
    _OWN_GROUP = {"start_new_session": True}


async def spawn(*command: str, **options: Any) -> asyncio.subprocess.Process:
    """Start `command` in a group of its own; takes what `asyncio.create_subprocess_exec` takes and raises what it
    raises.

    When it is cancelled, the child has ended before the cancellation goes on.
    """
    starting = asyncio.ensure_future(asyncio.create_subprocess_exec(*command, **options | _OWN_GROUP))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with contextlib.suppress(OSError, ValueError):
            await end(await finish_anyway(starting))
        raise


async def end(process: asyncio.subprocess.Process) -> None:
    """Kill a child and let go of its pipes; a cancellation goes on when it is gone."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    waiting = asyncio.ensure_future(process.wait())
    try:
        await asyncio.shield(waiting)
    finally:
        await finish_anyway(waiting)
        release(process)


def how_it_ended(code: int) -> str:
    """What an exit code says: `ended by itself with exit code 1`, `was ended by SIGKILL`."""
    if code >= 0:
        return f"ended by itself with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def close_pipes(process: asyncio.subprocess.Process) -> None:
    """Close our ends of its pipes, so that waiting for the child does not wait for others that hold them."""
    for descriptor in (0, 1, 2):
        if (pipe := _transport(process).get_pipe_transport(descriptor)) is not None:
            pipe.close()


def release(process: asyncio.subprocess.Process) -> None:
    """Let go of a child that has ended; its pipes would stay open until they are collected."""
    _transport(process).close()


def _transport(process: asyncio.subprocess.Process) -> asyncio.SubprocessTransport:
    transport: asyncio.SubprocessTransport = process._transport  # type: ignore[attr-defined]  # noqa: SLF001
    return transport


async def finish_anyway(future: "asyncio.Future[Any]") -> Any:
    """Its result, even if this task is cancelled in the meantime: the caller raises the first cancellation."""
    while not future.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([future])
    return future.result()
