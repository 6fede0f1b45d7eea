"""Gives facts their number, time and run, and appends them to the log."""

from typing import TypedDict, TypeVar

from workbench.core.conversation import ConversationFold
from workbench.core.delta_frame import DeltaFrame
from workbench.core.event import ResponseDelta, RunEvent
from workbench.core.exchange import Delta
from workbench.core.ids import ROOT_SPAN, RunId, SpanPath
from workbench.core.log import EventLog
from workbench.core.message import Message
from workbench.core.trace import Trace
from workbench.engine.ports import Clock

E = TypeVar("E", bound=RunEvent)
FRAME_S = 0.033
"""Pieces of an answer become events this often: what a window shows in one frame, it need not be handed one by one."""


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
        self._frame = DeltaFrame()
        self._streaming = ROOT_SPAN
        self._recorded_at = 0.0
        for event in log:
            self._fold(event)

    def stamp(self, span: SpanPath) -> Stamp:
        """The fields every event has, for the next event: `recorder.add(Kind(**recorder.stamp(span), …))`."""
        self.flush()
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
        """Take in a streamed piece. The first one is recorded at once, further ones once a frame, together, or with the
        next event; see `flush`. There are thousands of them, and the window may share this thread."""
        at = self.clock.now()
        if at < self._last_at:
            at = self._last_at
        self._last_at = at
        if span != self._streaming:
            self.flush()
            self._streaming = span
        self._frame.add(delta, at)
        if at - self._recorded_at >= FRAME_S:
            self.flush()

    @property
    def has_waiting(self) -> bool:
        """Pieces wait for the end of their frame. Call `flush` by then, since more may never come."""
        return bool(self._frame)

    def flush(self) -> None:
        """Record the pieces that wait. They change no fold."""
        if not self._frame:
            return
        self._recorded_at = self._last_at
        for kind, index, text, tool, at, later in self._frame.take():
            self.log.append(
                ResponseDelta(
                    run_id=self.run_id,
                    seq=self.log.last_seq + 1,
                    at=at,
                    span=self._streaming,
                    type=kind,
                    index=index,
                    text=text,
                    tool=tool,
                    later=later,
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
