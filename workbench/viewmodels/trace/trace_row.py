"""A row of the trace: one span, flat, with its depth."""

from dataclasses import dataclass, field
from typing import Literal

from workbench.core.errors import MalformedJson
from workbench.core.exchange import Usage
from workbench.core.ids import CallId, RunId, SpanPath
from workbench.core.json_text import compact, parse_strict_object
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.tone import State

RowKind = Literal["run", "turn", "round", "request", "first token", "call", "approval", "retry", "limit", "routing"]
_NOTHING = Usage()


@dataclass(slots=True, eq=False)
class TraceRow:
    """One span. Times are seconds since the epoch; `run_at` is when its run began.

    `waits` are the times in which a call waited for a person; they are drawn hatched and excluded from durations.
    `place` is where the row stands among all rows and is kept by the view-model. `usage`, `answers` and what belongs
    to the first tokens are those of all requests in it that were answered.
    """

    kind: RowKind
    label: str
    depth: int
    run_id: RunId
    span: SpanPath
    run_at: float
    started_at: float
    ended_at: float | None = None
    said: str = ""
    arguments_json: str | None = None
    """A call's arguments, until they are shown."""
    state: State = "busy"
    status: str = "running"
    call_id: CallId | None = None
    parent: "TraceRow | None" = None
    has_children: bool = False
    is_collapsed: bool = False
    waits: list[tuple[float, float]] = field(default_factory=list)
    ran_at: float | None = None
    """When its work began: for a request its start, for a call the start of its tool."""
    usage: Usage = _NOTHING
    answers: int = 0
    uncounted: int = 0
    """Answers whose provider did not count tokens."""
    streamed: int = 0
    first_ms_sum: float = 0.0
    """Milliseconds to the first token, added up over the `streamed` answers."""
    place: int = -1
    mark: str = ""
    """The words of a person's mark, with its sign; empty without a mark."""

    @property
    def detail(self) -> str:
        """What distinguishes this row from others of its kind: its mark, and for a call the values of its arguments."""
        if self.arguments_json is not None:
            self.said, self.arguments_json = _values(self.arguments_json), None
        return f"{self.mark} · {self.said}" if self.mark else self.said

    @property
    def tokens(self) -> int:
        """All tokens, in and out."""
        return self.usage.total_tokens

    @property
    def first_ms(self) -> float | None:
        """Milliseconds to the first token, the mean over all answers in it; None if none was streamed."""
        return self.first_ms_sum / self.streamed if self.streamed else None

    def take_answer(self, usage: Usage | None, first_ms: float | None) -> None:
        """Add an answer to the figures."""
        self.answers += 1
        if usage is not None and usage.total_tokens:
            self.usage = usage if self.usage is _NOTHING else self.usage + usage
        else:
            self.uncounted += 1
        if first_ms is not None:
            self.streamed += 1
            self.first_ms_sum += first_ms

    def end(self, now: float) -> float:
        """When it ended, or now."""
        return self.ended_at if self.ended_at is not None else max(now, self.started_at)

    def total_ms(self, now: float) -> float:
        """Milliseconds from start to end, waiting included."""
        return (self.end(now) - self.started_at) * 1000

    def waited_ms(self, now: float) -> float:
        """Milliseconds of it spent waiting for a person."""
        end = self.end(now)
        if self.state == "wait" and self.kind == "call" and self.waits:
            return (end - self.waits[-1][0]) * 1000
        return sum(max(0.0, min(stop, end) - start) for start, stop in self.waits) * 1000

    @property
    def text(self) -> str:
        """What the filter and a screen reader see."""
        return f"{self.label} {self.detail}".rstrip()


def _values(arguments_json: str) -> str:
    """The values of the arguments, which distinguish calls of a tool."""
    try:
        values = parse_strict_object(arguments_json[:4_001]).values()
    except MalformedJson:
        return one_line(arguments_json, 80)
    return one_line(", ".join(value if isinstance(value, str) else compact(value) for value in values), 80)
