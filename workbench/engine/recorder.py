"""Gives facts their number, time and run, and appends them to the log."""

from typing import TypedDict, TypeVar

from workbench.core.conversation import ConversationFold
from workbench.core.event import ResponseDelta, RunEvent
from workbench.core.exchange import Delta
from workbench.core.ids import RunId, SpanPath
from workbench.core.log import EventLog
from workbench.core.message import Message
from workbench.core.trace import Trace
from workbench.engine.ports import Clock

E = TypeVar("E", bound=RunEvent)


class Stamp(TypedDict):
    """What all events have in common."""

    run_id: RunId
    seq: int
    at: float
    span: SpanPath


class Recorder:
    """The only writer of a run's log. Keeps the folds that the loop itself reads, so that a resumed run and
    a live one take their next step from the same place."""

    def __init__(self, run_id: RunId, log: EventLog, clock: Clock) -> None:
        self.run_id = run_id
        self.log = log
        self.trace = Trace()
        self._conversation = ConversationFold()
        self.clock = clock
        self._last_at = 0.0
        for event in log:
            self._fold(event)

    def stamp(self, span: SpanPath) -> Stamp:
        """The fields every event has, for the next event: `recorder.add(Kind(**recorder.stamp(span), …))`."""
        return {
            "run_id": self.run_id,
            "seq": self.log.last_seq + 1,
            "at": max(self.clock.now(), self._last_at),
            "span": span,
        }

    def add(self, event: E) -> E:
        """Append a freshly stamped event and return it."""
        self._fold(event)
        self.log.append(event)
        return event

    def add_delta(self, span: SpanPath, delta: Delta) -> None:
        """Append a streamed piece: what `add` with a `ResponseDelta` does. There are thousands of them, they change
        no fold, and the window may share this thread, so this is the fast path."""
        log = self.log
        at = self.clock.now()
        if at < self._last_at:
            at = self._last_at
        self._last_at = at
        log.append(
            ResponseDelta(
                run_id=self.run_id,
                seq=log.last_seq + 1,
                at=at,
                span=span,
                type=delta.type,
                index=delta.index,
                text=delta.text,
                tool=delta.tool,
            )
        )

    @property
    def messages(self) -> tuple[Message, ...]:
        """The conversation as the next request would carry it."""
        return self._conversation.messages

    def now(self) -> float:
        """The clock's time, never before the newest event."""
        return max(self.clock.now(), self._last_at)

    def _fold(self, event: RunEvent) -> None:
        self._last_at = max(self._last_at, event.at)
        self.trace.apply(event)
        self._conversation.apply(event)
