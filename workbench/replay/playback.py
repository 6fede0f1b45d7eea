"""Playback: a stored run shown again, in its own time or step by step. Nothing is executed or sent."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator

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
    if not speed > 0:
        raise UsageError(f"a speed of {speed:g} is not possible", mend="Give a number above 0.")
    beats: list[Beat] = []
    before: float | None = None
    for event in events:
        pause = 0.0 if before is None else max(0.0, event.at - before)
        before = event.at if before is None else max(before, event.at)
        if longest_wait_s is not None:
            pause = min(pause, longest_wait_s)
        beats.append(Beat(event, pause / speed))
    return tuple(beats)


def steps(events: Iterable[RunEvent]) -> Iterator[tuple[RunEvent, ...]]:
    """What one press of a step key shows: a durable event with the deltas that led to it."""
    waiting: list[RunEvent] = []
    for event in events:
        waiting.append(event)
        if is_durable(event):
            yield tuple(waiting)
            waiting = []
    if waiting:
        yield tuple(waiting)


class Playback:
    """Gives the events of a run one after the other: `async for event in Playback(events, clock)`.

    Whoever shows it may pause it, step it and resume it at any moment, also from its loop.
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
        self._beats = schedule(events, speed=speed, longest_wait_s=longest_wait_s)
        self._clock = clock
        self._may_go = asyncio.Event()
        self._steps_wanted = 0
        self._is_paused = is_paused
        self.shown = 0
        """How many events have been given."""

    def __len__(self) -> int:
        return len(self._beats)

    @property
    def is_paused(self) -> bool:
        """Whether nothing more is shown by itself."""
        return self._is_paused

    def pause(self) -> None:
        """Show nothing more until `resume` or `step`."""
        self._is_paused = True

    def resume(self) -> None:
        """Go on in the run's own time."""
        self._is_paused = False
        self._may_go.set()

    def step(self) -> None:
        """Show the next durable event, with what led to it, and pause."""
        self._is_paused = True
        self._steps_wanted += 1
        self._may_go.set()

    async def __aiter__(self) -> AsyncIterator[RunEvent]:
        for beat in self._beats[self.shown :]:
            if not self._is_paused and beat.wait_s:
                await self._clock.sleep(beat.wait_s)
            while self._is_paused and not self._steps_wanted:
                self._may_go.clear()
                await self._may_go.wait()
            if self._is_paused and is_durable(beat.event):
                self._steps_wanted -= 1
            self.shown += 1
            yield beat.event
