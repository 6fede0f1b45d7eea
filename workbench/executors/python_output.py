"""What one command printed: read while it runs, so that a full pipe never blocks it, and limited in size."""

import asyncio
import contextlib

_KEPT = 20_000
"""Bytes kept from the start, and as many from the end."""

_CHUNK = 65_536
_GRACE_S = 0.5
"""How long to wait for the mark after the answer; only a call that broke its own output causes the full wait."""


class PrintedOutput:
    """The output of one child process, cut into commands by a mark that the child writes after each."""

    def __init__(self, stream: asyncio.StreamReader, mark: bytes) -> None:
        self._mark = mark
        self._finished: list[str] = []
        self._current = _Clip()
        self._changed = asyncio.Event()
        self._has_ended = False
        self._task = asyncio.create_task(self._read(stream), name="python worker output")

    async def of_finished(self) -> str:
        """What the command printed that was just answered, or all there is when the output has ended."""
        if not self._finished:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_GRACE_S):
                    while not self._finished and not self._has_ended:
                        self._changed.clear()
                        await self._changed.wait()
        return self._finished.pop(0) if self._finished else self.so_far()

    def so_far(self) -> str:
        """What was printed by a command that is still running."""
        return self._current.text()

    async def close(self) -> None:
        """Stop reading."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self, stream: asyncio.StreamReader) -> None:
        waiting = b""
        while chunk := await stream.read(_CHUNK):
            waiting += chunk
            while self._mark in waiting:
                before, _, waiting = waiting.partition(self._mark)
                self._current.add(before)
                self._finished.append(self._current.text())
                self._current = _Clip()
            certain = len(waiting) - _start_of(self._mark, waiting)
            self._current.add(waiting[:certain])
            waiting = waiting[certain:]
            self._changed.set()
        self._current.add(waiting)
        self._has_ended = True
        self._changed.set()


class _Clip:
    """The two ends of a text of any length."""

    def __init__(self) -> None:
        self._head = b""
        self._tail = b""
        self._dropped = 0

    def add(self, piece: bytes) -> None:
        room = _KEPT - len(self._head)
        self._head += piece[:room]
        self._tail += piece[room:]
        excess = len(self._tail) - _KEPT
        if excess > _CHUNK:  # shorten now and then, not at every piece
            self._tail = self._tail[excess:]
            self._dropped += excess

    def text(self) -> str:
        excess = max(0, len(self._tail) - _KEPT)
        dropped = self._dropped + excess
        note = f"\n… {dropped:,} bytes left out …\n".encode() if dropped else b""
        return (self._head + note + self._tail[excess:]).decode("utf-8", "replace")


def _start_of(mark: bytes, text: bytes) -> int:
    """How many bytes at the end of `text` may be the beginning of `mark`."""
    return next((size for size in range(min(len(mark) - 1, len(text)), 0, -1) if mark.startswith(text[-size:])), 0)
