"""The place where a recording ends in the middle of something: whatever gets there waits to be stopped.

Then, as in the recorded run, everything that came to its own end does so first.
"""

import asyncio
from collections.abc import Callable
from typing import NoReturn

from workbench.core.event import RunEvent, ToolCallProposed, ToolCallSettled
from workbench.core.ids import SpanPath


class RecordingEnd:
    """Tracks which calls are still running and which wait here. Give it every event of the run."""

    def __init__(self) -> None:
        self._open: set[SpanPath] = set()
        self._waiting: set[SpanPath] = set()
        self._has_request = False
        self._watches: list[tuple[Callable[[], bool], asyncio.Event]] = []

    def apply(self, event: RunEvent) -> None:
        """Apply one event of the run."""
        match event:
            case ToolCallProposed():
                self._open.add(event.span)
            case ToolCallSettled():
                self._open.discard(event.span)
            case _:
                return
        self._look()

    async def wait(self, call: SpanPath | None = None) -> NoReturn:
        """Wait until cancelled, as a call, or as a request when no call is given."""
        if call is None:
            self._has_request = True
        else:
            self._waiting.add(call)
        self._look()
        await asyncio.Event().wait()
        raise AssertionError("nothing sets this event")

    async def reached(self) -> None:
        """Until the recording can bring the run no further."""
        await self._until(lambda: (self._has_request or bool(self._waiting)) and self._open <= self._waiting)

    async def others_done(self, call: SpanPath) -> None:
        """Until every other call has come as far as the recording brings it."""
        self._waiting.add(call)
        self._look()
        await self._until(lambda: self._open <= self._waiting)
        self._waiting.discard(call)

    async def _until(self, holds: Callable[[], bool]) -> None:
        if not holds():
            come = asyncio.Event()
            self._watches.append((holds, come))
            await come.wait()

    def _look(self) -> None:
        for holds, come in tuple(self._watches):
            if holds():
                come.set()
                self._watches.remove((holds, come))
