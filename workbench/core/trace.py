"""The trace: the tree folded from a log, run → turns → rounds → requests and calls.

The same fold reads a live run, a stored one and a replay. `Trace.apply` takes one event; any prefix of a
log is a legal trace, because a program can end anywhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, assert_never

import msgspec

from workbench.core.approval import Wanted
from workbench.core.event import (
    BY_RESUME,
    BY_TOOL,
    ApprovalAsked,
    ApprovalGiven,
    CallOutcome,
    LimitReached,
    NoteAdded,
    RequestFailed,
    RequestSent,
    ResponseDelta,
    ResponseReceived,
    RoundStarted,
    RunEvent,
    RunFinished,
    RunStarted,
    ServerAnswered,
    ServerAsked,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    ToolsRouted,
    ToolStarted,
    TurnStarted,
)
from workbench.core.exchange import Usage
from workbench.core.ids import CallId, RunId, SpanPath
from workbench.core.question_span import QuestionSpan, take_question
from workbench.core.routing.routed import Routed

Ignored = ResponseDelta
"""The kinds of events that change no trace."""

CallState = Literal["proposed", "checked", "waiting", "decided", "running", "settled"]


@dataclass
class CallSpan:
    """One proposed call from proposal to settlement. Times are seconds since the epoch."""

    proposed: ToolCallProposed
    span: SpanPath
    state: CallState = "proposed"
    checked: ToolCallChecked | None = None
    asked: ApprovalAsked | None = None
    given: ApprovalGiven | None = None
    started: ToolStarted | None = None
    settled: ToolCallSettled | None = None
    ended_at: float | None = None
    asked_since: float = 0.0
    """When the question that waits, or waited, was put first: the same question with more time counts as one."""
    reported: str = ""
    """The latest progress report of the running call."""
    questions: list[QuestionSpan] = field(default_factory=list)
    """What its server has asked in the middle of it."""

    @property
    def call_id(self) -> CallId:
        """Our id of the call."""
        return self.proposed.call_id

    @property
    def tool(self) -> str:
        """The name the model gave."""
        return self.proposed.tool

    @property
    def outcome(self) -> CallOutcome | None:
        """How it ended, or None while it is open."""
        return self.settled.outcome if self.settled else None

    @property
    def is_valid(self) -> bool:
        """Whether the check knew the tool and found no problem; False before the check."""
        return self.checked is not None and self.checked.is_known and not self.checked.problems

    @property
    def wants(self) -> Wanted | None:
        """What a person is asked for at the moment."""
        return self.asked.wants if self.asked and self.state == "waiting" else None

    @property
    def arguments_json(self) -> str:
        """What ran or would run: edited or sanitized arguments where there are any."""
        if self.started:
            return self.started.arguments_json
        if self.given and self.given.arguments_json is not None:
            return self.given.arguments_json
        if self.checked and self.checked.arguments_json is not None:
            return self.checked.arguments_json
        return self.proposed.arguments_json

    @property
    def is_edited(self) -> bool:
        """Whether a person changed the arguments."""
        return self.given is not None and self.given.arguments_json is not None

    @property
    def question(self) -> QuestionSpan | None:
        """The question of its server that waits for a reply."""
        is_open = self.settled is None
        return next((each for each in self.questions if is_open and each.answered is None), None)

    @property
    def waits(self) -> list[tuple[float, float]]:
        """When it waited for a person: from and to. What still waits has no end yet."""
        spans = [(self.asked_since, self.asked_since + self.waited_s)] if self.asked is not None else []
        for each in self.questions:
            end = each.answered.waited_until if each.answered is not None else self.ended_at
            spans += [(each.asked.at, end)] if end is not None else []
        return spans

    @property
    def waited_s(self) -> float:
        """Seconds a person (or the clock) took to decide."""
        if self.asked is None:
            return 0.0
        end = self.given.at if self.given else (self.ended_at or self.asked.at)
        return max(0.0, end - self.asked_since)


@dataclass
class RequestSpan:
    """One attempt to get an answer."""

    sent: RequestSent
    span: SpanPath
    received: ResponseReceived | None = None
    failed: RequestFailed | None = None

    @property
    def ended_at(self) -> float | None:
        """When the answer or the failure came."""
        end = self.received or self.failed
        return end.at if end else None


@dataclass
class RoundSpan:
    """One request that was answered, with the calls it led to."""

    number: int
    started: RoundStarted
    requests: list[RequestSpan] = field(default_factory=list)
    calls: list[CallSpan] = field(default_factory=list)
    routed: ToolsRouted | None = None
    """What chose the tools of this round; None where it goes on with those of the round before, or has all."""

    @property
    def response(self) -> ResponseReceived | None:
        """The answer of this round, once there is one."""
        return next((request.received for request in self.requests if request.received), None)

    @property
    def tool_ms(self) -> float:
        """Milliseconds the calls took, added up."""
        return sum(call.settled.duration_ms for call in self.calls if call.settled and call.started)

    @property
    def saved_ms(self) -> float:
        """Milliseconds saved by running calls at the same time: their sum less the time any of them ran."""
        spans = sorted(
            (call.settled.at - call.settled.duration_ms / 1000, call.settled.at)
            for call in self.calls
            if call.settled and call.started
        )
        return max(0.0, self.tool_ms - _covered_s(spans) * 1000)


@dataclass
class TurnSpan:
    """From a user message to the model's last answer to it."""

    number: int
    started: TurnStarted
    rounds: list[RoundSpan] = field(default_factory=list)

    def routed_at(self, number: int) -> Routed | None:
        """What chose the tools of the round of this number; None where all were offered. A forced call holds for its
        own round alone: in all of them, a model would call forever."""
        found = next((each.routed for each in reversed(self.rounds) if each.routed and each.number <= number), None)
        if found is None or found.round == number:
            return found.routed if found is not None else None
        return msgspec.structs.replace(found.routed, forced="")


class Trace:
    """One run as far as its log goes."""

    def __init__(self) -> None:
        self.started: RunStarted | None = None
        self.finished: RunFinished | None = None
        self.turns: list[TurnSpan] = []
        self.limits: list[LimitReached] = []
        self.notes: list[NoteAdded] = []
        self.last_at: float = 0.0
        self.last_seq: int = 0
        self.closed_s: float = 0.0
        """Seconds in which the run did not progress, because the program had ended."""
        self._calls: dict[CallId, CallSpan] = {}
        self._requests: dict[SpanPath, RequestSpan] = {}

    def apply(self, event: RunEvent) -> None:  # noqa: C901 — one flat match, one case per kind
        """Apply one event."""
        if isinstance(event, Ignored):
            return
        before, self.last_at, self.last_seq = self.last_at, event.at, event.seq
        match event:
            case RunStarted():
                self.started = event
            case TurnStarted():
                self.turns.append(TurnSpan(event.turn, event))
            case RoundStarted():
                if self.turns:
                    self.turns[-1].rounds.append(RoundSpan(event.round, event))
            case ToolsRouted():
                if (current := self.current_round) is not None:
                    current.routed = event
            case RequestSent():
                if (current := self.current_round) is not None:
                    request = RequestSpan(event, event.span)
                    current.requests.append(request)
                    self._requests[event.span] = request
            case ResponseReceived():
                if (answered := self._requests.get(event.span)) is not None:
                    answered.received = event
            case RequestFailed():
                if (broken := self._requests.get(event.span)) is not None:
                    broken.failed = event
            case ToolCallProposed():
                if (current := self.current_round) is not None:
                    call = CallSpan(event, event.span)
                    current.calls.append(call)
                    self._calls[event.call_id] = call
            case ToolCallChecked() | ApprovalAsked() | ApprovalGiven() | ToolStarted() | ToolCallSettled():
                if (span := self._calls.get(event.call_id)) is not None:
                    _advance(span, event)
            case ServerAsked() | ServerAnswered():
                if (span := self._calls.get(event.call_id)) is not None:
                    take_question(span.questions, event)
            case LimitReached():
                self.limits.append(event)
            case NoteAdded():
                self.notes.append(event)
                if event.by == BY_RESUME:
                    self._skip(max(0.0, event.at - before))
                if event.by == BY_TOOL and event.call_id is not None and (span := self._calls.get(event.call_id)):
                    span.reported = event.text
            case RunFinished():
                self.finished = event
            case _:
                assert_never(event)

    def _skip(self, closed_s: float) -> None:
        """Nobody was waiting while the program was closed."""
        self.closed_s += closed_s
        for call in self.calls():
            if call.state == "waiting":
                call.asked_since += closed_s

    @property
    def current_round(self) -> RoundSpan | None:
        """The newest round."""
        return self.turns[-1].rounds[-1] if self.turns and self.turns[-1].rounds else None

    def rounds(self) -> Iterator[RoundSpan]:
        """All rounds in order."""
        return (round_span for turn in self.turns for round_span in turn.rounds)

    def calls(self) -> Iterator[CallSpan]:
        """All proposed calls in order."""
        return (call for round_span in self.rounds() for call in round_span.calls)

    def call(self, call_id: CallId) -> CallSpan | None:
        """The call of that id."""
        return self._calls.get(call_id)

    def requests(self) -> Iterator[RequestSpan]:
        """All requests in order, those that failed included."""
        return iter(self._requests.values())

    @property
    def usage(self) -> Usage:
        """Tokens of all answered requests, those of servers included."""
        total = Usage()
        for round_span in self.rounds():
            if round_span.response and round_span.response.response.usage:
                total = total + round_span.response.response.usage
            for question in (each for call in round_span.calls for each in call.questions):
                if question.answered is not None and question.answered.usage is not None:
                    total = total + question.answered.usage
        return total

    @property
    def answer(self) -> str:
        """The model's last words."""
        for turn in reversed(self.turns):
            for round_span in reversed(turn.rounds):
                if round_span.response and (text := round_span.response.response.message.text):
                    return text
        return ""

    @property
    def waiting_s(self) -> float:
        """Seconds in which at least one call waited for a person."""
        return _covered_s(sorted(wait for call in self.calls() for wait in call.waits))


class Traces:
    """The traces of several runs, shared by those who read the same events, so that each event is folded once."""

    def __init__(self) -> None:
        self._traces: dict[RunId, Trace] = {}

    def take(self, event: RunEvent) -> Trace:
        """The trace of the event's run with this event in it. It may be ahead, where another reader has already applied
        more.
        """
        trace = self._traces.get(event.run_id)
        if trace is None:
            trace = self._traces[event.run_id] = Trace()
        if event.seq > trace.last_seq:
            trace.apply(event)
        return trace

    def get(self, run_id: RunId) -> Trace:
        """The trace of that run so far; an empty one for a run without events."""
        return self._traces.get(run_id) or Trace()

    def __len__(self) -> int:
        """How many runs there are."""
        return len(self._traces)

    def clear(self) -> None:
        """Forget all runs."""
        self._traces.clear()


def fold(events: Iterable[RunEvent]) -> Trace:
    """The trace of these events."""
    trace = Trace()
    for event in events:
        trace.apply(event)
    return trace


def _advance(
    call: CallSpan, event: ToolCallChecked | ApprovalAsked | ApprovalGiven | ToolStarted | ToolCallSettled
) -> None:
    match event:
        case ToolCallChecked():
            call.checked, call.state = event, "checked"
        case ApprovalAsked():
            if call.state != "waiting" or call.asked is None or call.asked.shown_hash != event.shown_hash:
                call.asked_since = event.at
            call.asked, call.given, call.state = event, None, "waiting"
        case ApprovalGiven():
            call.given, call.state = event, "decided"
        case ToolStarted():
            call.started, call.state = event, "running"
        case ToolCallSettled():
            call.settled, call.state, call.ended_at = event, "settled", event.at
        case _:
            assert_never(event)


def _covered_s(spans: "list[tuple[float, float]]") -> float:
    """Seconds covered by at least one of the sorted intervals."""
    covered = 0.0
    end = float("-inf")
    for start, stop in spans:
        covered += max(0.0, stop - max(start, end))
        end = max(end, stop)
    return covered
