"""A local MCP server: a process that exchanges JSON lines on its standard input and output.

Written here, not taken from the SDK, because servers print lines that are not messages: such lines are counted and kept
for the person instead of going to a log, no line can fill the memory, and what the server says on its standard error is
kept as well.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.core.errors import ExecutorUnavailable
from workbench.core.server_words import last_lines
from workbench.engine.child_process import how_it_ended, release, spawn
from workbench.executors.mcp_message import read_messages
from workbench.executors.mcp_spec import McpSpec

if TYPE_CHECKING:
    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
    from mcp.client import ReadStream, WriteStream  # type: ignore[attr-defined]
    from mcp.shared.message import SessionMessage

_LINE_LIMIT = 32 * 1024 * 1024
_KEPT_CHARS = 8_000
_KEPT_LINES, _KEPT_OF_LINE = 20, 200
_UNSENT = 256
_LEAVE_S = 1.0
"""How long a server may take to exit by itself after its input was closed, and again after it was asked to."""
_LAST_WORDS_S = 3.0
"""How long its last words may take, which come by another pipe: what it has started may hold that pipe open."""
_POLL_S = 0.01


class Said:
    """What a server printed besides messages: the end of its standard error, and lines that are no messages."""

    def __init__(self, redact: Callable[[str], str] = str) -> None:
        """`redact` takes keys out of lines before they are cut, where half a key would not be known for one."""
        self._redact = redact
        self.errors = ""
        self.rubbish_lines = 0
        self.rubbish: list[str] = []

    def add_error(self, text: str) -> None:
        """More of its standard error; only the last lines are kept, and no piece of a line."""
        self.errors += text
        if len(self.errors) > 2 * _KEPT_CHARS:
            self.errors = self.errors[-_KEPT_CHARS:]
            self.errors = self.errors[self.errors.find("\n") + 1 or _KEPT_CHARS // 2 :]

    @property
    def last_words(self) -> str:
        """The end of what it said; empty when it said nothing."""
        return last_lines(self._redact(self.errors)) or last_lines("\n".join(self.rubbish))

    def add_rubbish(self, line: bytes) -> None:
        """A line on its standard output that is not a message; the beginnings of the last ones are kept."""
        self.rubbish_lines += 1
        text = self._redact(line[: 20 * _KEPT_OF_LINE].decode("utf-8", "replace").strip())
        self.rubbish.append(text if len(text) <= _KEPT_OF_LINE else f"{text[:_KEPT_OF_LINE]}…")
        del self.rubbish[:-_KEPT_LINES]


class StdioLine:
    """The connection to one process. `ended` is set when the process has ended it, not we; `how` says how."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.how = ""
        self.is_closing = False


@asynccontextmanager
async def stdio_transport(
    spec: McpSpec, environment: Mapping[str, str], said: Said, line: StdioLine
) -> "AsyncGenerator[tuple[ReadStream[Any], WriteStream[SessionMessage]]]":
    """Start the server and carry messages to and from it; at the end of the block it is gone.

    Raises `ExecutorUnavailable` when it does not start.
    """
    import anyio

    process = await _start(spec, environment)
    to_session, from_server = anyio.create_memory_object_stream[Any](0)
    # With room for some messages, so that a call can be abandoned even when the server no longer reads.
    from_session, to_server = anyio.create_memory_object_stream[Any](_UNSENT)
    listening = asyncio.create_task(_listen(process, said), name=f"mcp {spec.name} errors")
    tasks = [
        asyncio.create_task(_read(process, to_session, said, line, listening), name=f"mcp {spec.name} reads"),
        asyncio.create_task(_write(process, to_server), name=f"mcp {spec.name} writes"),
        listening,
    ]
    try:
        yield from_server, from_session
    finally:
        line.is_closing = True
        ending = asyncio.create_task(_end(process), name=f"mcp {spec.name} ends")
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            _signal(process, hard=True)
            await ending
            raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for stream in (to_session, from_server, from_session, to_server):
                stream.close()


async def _start(spec: McpSpec, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    folder = Path(spec.folder)
    path = shutil.which(spec.command, path=environment.get("PATH")) or shutil.which(str(folder / spec.command))
    if path is None:
        raise ExecutorUnavailable(f"there is no program {spec.command!r}", hint="Install it, or change the command.")
    try:
        return await spawn(
            path,
            *spec.arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=dict(environment),
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ExecutorUnavailable(f"{spec.command!r} does not start: {reason}") from None


async def _read(
    process: asyncio.subprocess.Process,
    out: "MemoryObjectSendStream[Any]",
    said: Said,
    line: StdioLine,
    listening: "asyncio.Task[None]",
) -> None:
    assert process.stdout is not None
    waiting = bytearray()
    with contextlib.suppress(ConnectionError):
        while chunk := await process.stdout.read(65_536):
            start = len(waiting)
            waiting += chunk
            while (cut := waiting.find(b"\n", start)) >= 0:
                whole, waiting, start = bytes(waiting[:cut]), waiting[cut + 1 :], 0
                await _deliver(whole, out, said)
            if len(waiting) > _LINE_LIMIT:
                line.how = f"sent a line of more than {_LINE_LIMIT:,} bytes"
                _signal(process, hard=True)
                break
    if not line.is_closing:
        line.how = line.how or await _how_it_ended(process)
        await asyncio.wait([listening], timeout=_LAST_WORDS_S)
        line.ended.set()
    out.close()


async def _deliver(whole: bytes, out: "MemoryObjectSendStream[Any]", said: Said) -> None:
    import anyio
    from mcp.shared.message import SessionMessage
    from mcp_types import JSONRPCError

    if not whole.strip():
        return
    found = read_messages(whole)
    messages = [one for one in found if not (isinstance(one, JSONRPCError) and one.id is None)]
    if not messages:
        said.add_rubbish(whole)
        return
    with contextlib.suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
        for message in messages:
            await out.send(SessionMessage(message))


async def _write(process: asyncio.subprocess.Process, messages: "MemoryObjectReceiveStream[Any]") -> None:
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):
        async for message in messages:
            text = message.message.model_dump_json(by_alias=True, exclude_unset=True)
            process.stdin.write(text.encode("utf-8") + b"\n")
            await process.stdin.drain()


async def _listen(process: asyncio.subprocess.Process, said: Said) -> None:
    assert process.stderr is not None
    with contextlib.suppress(ConnectionError):
        while chunk := await process.stderr.read(65_536):
            said.add_error(chunk.decode("utf-8", "replace"))


async def _end(process: asyncio.subprocess.Process) -> None:
    """Close its input, then ask it to exit, then kill it, with everything that it started."""
    if process.stdin is not None:
        process.stdin.close()
    for hard in (False, True):
        if await _is_gone(process, _LEAVE_S):
            break
        _signal(process, hard=hard)
    await _is_gone(process, _LEAVE_S)
    _signal(process, hard=True)  # what it has started may be there still
    release(process)


async def _is_gone(process: asyncio.subprocess.Process, limit_s: float) -> bool:
    # Not process.wait(): it waits for the pipes as well (see `engine.child_process`).
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(limit_s):
            while process.returncode is None:  # noqa: ASYNC110 — nothing tells us otherwise
                await asyncio.sleep(_POLL_S)
    return process.returncode is not None


async def _how_it_ended(process: asyncio.subprocess.Process) -> str:
    if not await _is_gone(process, _LEAVE_S):
        return "closed its output"
    return how_it_ended(process.returncode or 0)


def _signal(process: asyncio.subprocess.Process, *, hard: bool) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill() if hard else process.terminate()
        else:
            os.killpg(process.pid, signal.SIGKILL if hard else signal.SIGTERM)
