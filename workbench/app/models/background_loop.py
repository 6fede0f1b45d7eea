"""A second event loop, in a thread of its own, on which answers are read while a window keeps the first one.

Hundreds of streamed pieces a second would wake the window's loop as often. Read over there, they cross to their run
once per frame, all streams together. Only the wire moves: the run, its log and its decisions stay where they are.
"""

import asyncio
import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from workbench.core.exchange import ModelRequest, StreamItem, WireRequest
from workbench.core.tool import Toolset
from workbench.core.tool_choice import ChoiceSupport
from workbench.engine.ports import Provider, Warmable

R = TypeVar("R")

FRAME_S = 0.016
"""Between two crossings. The first piece of an answer does not wait, nor does its end."""

_STRETCH_S = 0.002
"""After reading this long without a pause, as long a pause: Python runs one thread at a time, and the window's
thread would otherwise get it only when the interpreter insists, 5 ms later each time."""


class BackgroundLoop:
    """The loop and its thread. Both start on first use and end with `close`."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._waiting: dict[_Crossing, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._next_at = 0.0

    def call(self, act: Callable[[], object]) -> None:
        """Do `act` over there, soon; calls keep their order."""
        self._running().call_soon_threadsafe(act)

    def submit(self, work: Coroutine[Any, Any, R]) -> "Future[R]":
        """Do `work` over there, soon."""
        return asyncio.run_coroutine_threadsafe(work, self._running())

    async def run(self, work: Coroutine[Any, Any, R]) -> R:
        """Do `work` over there and wait for it."""
        return await asyncio.wrap_future(self.submit(work))

    async def close(self) -> None:
        """Cancel what is going on over there, and end the loop and its thread."""
        await asyncio.to_thread(self.end)

    def end(self) -> None:
        """The same where nobody can await it."""
        loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(self._stop.set)
            thread.join()

    def board(self, crossing: "_Crossing", *, at_once: bool) -> None:
        """Called over there: something of this crossing waits."""
        self._waiting[crossing] = None
        now = time.monotonic()
        if at_once or now >= self._next_at:
            self._cross()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._next_at - now, self._cross)

    def _cross(self) -> None:
        """Called over there: hand over what waits, waking each loop that waits for some of it once."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._next_at = time.monotonic() + FRAME_S
        parties: dict[asyncio.AbstractEventLoop, list[Callable[[], None]]] = defaultdict(list)
        for crossing in self._waiting:
            parties[crossing.target].append(crossing.arrival())
        self._waiting.clear()
        for target, party in parties.items():
            with contextlib.suppress(RuntimeError):  # that loop has been closed: nobody waits there anymore
                target.call_soon_threadsafe(_arrive, party)

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            ready: Future[asyncio.AbstractEventLoop] = Future()
            self._thread = threading.Thread(
                target=lambda: asyncio.run(self._serve(ready)), name="background loop", daemon=True
            )
            self._thread.start()
            self._loop = ready.result()
        return self._loop

    async def _serve(self, ready: "Future[asyncio.AbstractEventLoop]") -> None:
        self._stop = asyncio.Event()
        ready.set_result(asyncio.get_running_loop())
        await self._stop.wait()


class BackgroundProvider:
    """A provider whose answers are read on the background loop; everything else is the provider's own."""

    def __init__(self, provider: Provider, background: BackgroundLoop) -> None:
        self._provider = provider
        self._background = background

    @property
    def name(self) -> str:
        """See `engine.ports.Provider`."""
        return self._provider.name

    def choice_support(self, model: str) -> ChoiceSupport:
        """See `engine.ports.Provider`."""
        return self._provider.choice_support(model)

    def encode(self, request: ModelRequest) -> WireRequest:
        """See `engine.ports.Provider`."""
        return self._provider.encode(request)

    async def stream(self, wire: WireRequest) -> AsyncGenerator[StreamItem, None]:
        """See `engine.ports.Provider`. Closing waits until the connection was closed over there."""
        crossing = _Crossing(asyncio.get_running_loop(), self._background)
        self._background.call(lambda: crossing.begin(self._read(wire, crossing)))
        try:
            while items := await crossing.arrivals():
                for item in items:
                    yield item
        finally:
            self._background.call(crossing.cancel)
            await crossing.over.wait()
        if crossing.failure is not None:
            raise crossing.failure

    async def warm(self, tools: Toolset, instructions: str) -> None:
        """See `engine.ports.Warmable`; nothing happens where the provider has no use for it."""
        if isinstance(self._provider, Warmable):
            await self._background.run(self._provider.warm(tools, instructions))

    async def close(self) -> None:
        """See `engine.ports.Provider`."""
        await self._background.run(self._provider.close())

    async def _read(self, wire: WireRequest, crossing: "_Crossing") -> None:
        """Runs over there."""
        items = self._provider.stream(wire)
        rested = time.monotonic()
        try:
            async for item in items:
                crossing.put(item)
                if time.monotonic() - rested > _STRETCH_S:
                    await asyncio.sleep(_STRETCH_S)
                    rested = time.monotonic()
        finally:
            close = getattr(items, "aclose", None)
            if close is not None:
                await close()


class _Crossing:
    """The pieces of one answer on their way from the background loop to `target`."""

    def __init__(self, target: asyncio.AbstractEventLoop, background: BackgroundLoop) -> None:
        self.target = target
        self.failure: BaseException | None = None
        self.over = asyncio.Event()
        self._background = background
        self._leaving: list[StreamItem] = []
        self._arrived: list[StreamItem] = []
        self._news = asyncio.Event()
        self._has_begun = self._has_ended = False
        self._reading: asyncio.Task[None] | None = None

    # over there

    def begin(self, reading: Coroutine[Any, Any, None]) -> None:
        """Start reading; however it ends, even before its first step, the end crosses."""
        self._reading = asyncio.get_running_loop().create_task(reading, name="read an answer")
        self._reading.add_done_callback(self._end)

    def cancel(self) -> None:
        """Stop reading."""
        if self._reading is not None:
            self._reading.cancel()

    def put(self, item: StreamItem) -> None:
        """One more piece."""
        self._leaving.append(item)
        self._background.board(self, at_once=not self._has_begun)
        self._has_begun = True

    def arrival(self) -> Callable[[], None]:
        """What is to happen on the other side: everything that waits arrives, and the end if it has come."""
        items, self._leaving = self._leaving, []
        is_last = self._has_ended
        return lambda: self._arrive(items, is_last=is_last)

    def _end(self, reading: "asyncio.Task[None]") -> None:
        if not reading.cancelled():
            self.failure = reading.exception()
        self._has_ended = True
        self._background.board(self, at_once=True)

    # on the target loop

    async def arrivals(self) -> list[StreamItem]:
        """The next pieces; none when nothing more comes."""
        while not self._arrived and not self.over.is_set():
            self._news.clear()
            await self._news.wait()
        arrived, self._arrived = self._arrived, []
        return arrived

    def _arrive(self, items: list[StreamItem], *, is_last: bool) -> None:
        self._arrived += items
        if is_last:
            self.over.set()
        self._news.set()


def _arrive(party: list[Callable[[], None]]) -> None:
    for arrive in party:
        arrive()
