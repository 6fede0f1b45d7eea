"""Records what is replayed: at the recorded times, and never as if a tool had run again."""

from collections import defaultdict, deque
from collections.abc import Iterable
from typing import TypeVar, cast

import msgspec

from workbench.core.event import RunEvent, ToolCallSettled, is_durable, kind_of
from workbench.core.ids import RunId, SpanPath
from workbench.core.log import EventLog
from workbench.engine.ports import Clock
from workbench.engine.recorder import Recorder
from workbench.replay.recording import RAN, RecordedCall, Recording, place_of

E = TypeVar("E", bound=RunEvent)


class ReplayClock:
    """Time that moves only when it is set or when a sleep is requested, which takes no real time."""

    def __init__(self, start: float) -> None:
        self._now = start

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._now

    def move_to(self, at: float) -> None:
        """Set the time to `at`, unless it is already later."""
        self._now = max(self._now, at)

    async def sleep(self, seconds: float) -> None:
        """Move the time forward at once."""
        self._now += seconds


class RecordedTimes:
    """When things happened, by what they were and where."""

    def __init__(self, events: Iterable[RunEvent]) -> None:
        self._times: list[float] = []
        self._places: defaultdict[tuple[SpanPath, str], deque[int]] = defaultdict(deque)
        for number, event in enumerate(filter(is_durable, events)):
            self._places[event.span, kind_of(event)].append(number)
            self._times.append(event.at)
        self._reached = 0

    def next_of(self, event: RunEvent) -> float | None:
        """When the next event of this kind happened at this place; None when there was none."""
        numbers = self._places.get((event.span, kind_of(event)))
        if not numbers:
            return None
        number = numbers.popleft()
        self._reached = max(self._reached, number + 1)
        return self._times[number]

    @property
    def upcoming(self) -> float:
        """When the event after all these happened: what was decided in between was decided just before it."""
        return self._times[min(self._reached, len(self._times) - 1)]


class ReplayRecorder(Recorder):
    """A recorder that knows which results come from a recording: they are given as they were then, and the log says
    where they come from."""

    def __init__(
        self,
        run_id: RunId,
        log: EventLog,
        clock: Clock,
        *,
        served: dict[SpanPath, RecordedCall],
    ) -> None:
        """`served` are the calls whose results are given from a recording; it may grow while the run goes on."""
        super().__init__(run_id, log, clock)
        self._served = served

    def add(self, event: E) -> E:
        """See `Recorder`."""
        if isinstance(event, ToolCallSettled):
            event = cast(E, self._mark_replayed(event))
        return super().add(event)

    def _mark_replayed(self, event: ToolCallSettled) -> ToolCallSettled:
        recorded = self._served.get(place_of(event.call_id))
        call = self.trace.call(event.call_id)
        if recorded is None or recorded.settled is None or call is None or call.started is None:
            return event
        if event.error_kind in ("interrupted", "not_recorded"):
            return event
        then = recorded.settled
        return msgspec.structs.replace(
            then,
            run_id=event.run_id,
            seq=event.seq,
            at=event.at,
            span=event.span,
            call_id=event.call_id,
            outcome="replayed" if then.outcome in RAN else then.outcome,
        )


class RerunRecorder(ReplayRecorder):
    """Everything happens again as it was recorded, and at the same times: time limits are reached again."""

    def __init__(self, recording: Recording) -> None:
        clock = ReplayClock(recording.inherited[-1].at if recording.inherited else recording.started.at)
        super().__init__(recording.started.run_id, EventLog(recording.inherited), clock, served=recording.calls)
        self._times = RecordedTimes(recording.events)
        for event in recording.inherited:
            self._times.next_of(event)
        self._replay_clock = clock

    def add(self, event: E) -> E:
        """See `Recorder`."""
        at = self._times.next_of(event)
        if at is not None:
            event = msgspec.structs.replace(event, at=max(at, self._last_at))
        self._replay_clock.move_to(self._times.upcoming)
        return super().add(event)
