"""Playback: a stored run shown again, in its own time or step by step. Nothing is executed or sent."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from itertools import accumulate

import msgspec

from workbench.core.errors import UsageError
from workbench.core.event import RunEvent, is_durable
from workbench.engine.ports import Clock

LONGEST_WAIT_S = 3.0
"""A person who once took an hour to decide need not be waited for again."""


class Beat(msgspec.Struct, frozen=True):
    """An event and how many seconds after the one before it it is due."""

    event: RunEvent
    wait_s: float


def schedule(
    events: Iterable[RunEvent], *, speed: float = 1.0, longest_wait_s: float | None = LONGEST_WAIT_S
) -> tuple[Beat, ...]:
    """When each event is due. `speed` 2 is twice as fast; pauses are cut to `longest_wait_s`, None keeps them."""
    _checked(speed)
    beats: list[Beat] = []
    before: float | None = None
    for event in events:
        pause = 0.0 if before is None else max(0.0, event.at - before)
        before = event.at if before is None else max(before, event.at)
        if longest_wait_s is not None:
            pause = min(pause, longest_wait_s)
        beats.append(Beat(event, pause / speed))
    return tuple(beats)


class Playback:
    """Gives the events of a run one after the other: `async for event in Playback(events, clock)`.

    Anyone who shows it may pause it, step it, resume it, change its speed and go elsewhere at any moment, also from its
    loop. An infinite speed leaves every pause out.
    """

    def __init__(
        self,
        events: Iterable[RunEvent],
        clock: Clock,
        *,
        speed: float = 1.0,
        longest_wait_s: float | None = LONGEST_WAIT_S,
        is_paused: bool = False,
    ) -> None:
        """Raises `UsageError` for a speed that is not above 0. `is_paused` begins with nothing shown."""
        self._beats = schedule(events, longest_wait_s=longest_wait_s)
        self._times = tuple(accumulate(beat.wait_s for beat in self._beats))
        self._clock = clock
        self._news = asyncio.Event()
        self._steps_wanted = 0
        self._is_paused = is_paused
        self._speed = _checked(speed)
        self.shown = 0
        """How many events have been given."""

    def __len__(self) -> int:
        return len(self._beats)

    @property
    def is_paused(self) -> bool:
        """Whether nothing more is shown by itself."""
        return self._is_paused

    @property
    def speed(self) -> float:
        """How many times as fast as the run was."""
        return self._speed

    @property
    def events(self) -> tuple[RunEvent, ...]:
        """The whole run."""
        return tuple(beat.event for beat in self._beats)

    @property
    def length_s(self) -> float:
        """How long it takes at speed 1."""
        return self._times[-1] if self._times else 0.0

    @property
    def shown_s(self) -> float:
        """How far into that time it is."""
        return self._times[self.shown - 1] if self.shown else 0.0

    def pause(self) -> None:
        """Show nothing more until `resume` or `step`."""
        self._is_paused = True
        self._news.set()

    def resume(self) -> None:
        """Go on in the run's own time."""
        self._is_paused = False
        self._news.set()

    def step(self) -> None:
        """Show the next durable event, with what led to it, and pause."""
        self._is_paused = True
        self._steps_wanted += 1
        self._news.set()

    def set_speed(self, speed: float) -> None:
        """Go on this many times as fast as the run was; raises `UsageError` unless it is above 0."""
        self._speed = _checked(speed)
        self._news.set()

    def seek(self, shown: int) -> None:
        """Go on after that many events. Those in between are not given; the caller already has them."""
        self.shown = min(max(shown, 0), len(self._beats))
        self._steps_wanted = 0
        self._news.set()

    async def __aiter__(self) -> AsyncIterator[RunEvent]:
        while self.shown < len(self._beats):
            place = self.shown
            beat = self._beats[place]
            if not await self._is_due(beat) or self.shown != place:
                continue
            if self._is_paused and is_durable(beat.event):
                self._steps_wanted -= 1
            self.shown += 1
            yield beat.event

    async def _is_due(self, beat: Beat) -> bool:
        """Whether it may be shown now; False when something changed while it was waited for."""
        self._news.clear()
        if self._is_paused:
            if not self._steps_wanted:
                await self._news.wait()
            return self._steps_wanted > 0
        wait_s = beat.wait_s / self._speed
        if not wait_s:
            return True
        sleeping = asyncio.ensure_future(self._clock.sleep(wait_s))
        hearing = asyncio.ensure_future(self._news.wait())
        try:
            await asyncio.wait((sleeping, hearing), return_when=asyncio.FIRST_COMPLETED)
            return sleeping.done() and not self._is_paused
        finally:
            for task in (sleeping, hearing):
                task.cancel()
            await asyncio.gather(sleeping, hearing, return_exceptions=True)


def _checked(speed: float) -> float:
    if not speed > 0:
        raise UsageError(f"a speed of {speed:g} is not possible", hint="Use a number above 0.")
    return speed
