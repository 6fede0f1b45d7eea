"""A stored log, arranged for answering from it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

import msgspec

from workbench.core.errors import UsageError
from workbench.core.event import (
    FORMAT_VERSION,
    ApprovalAsked,
    ApprovalGiven,
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
from workbench.core.ids import CallId, SpanPath, call_span
from workbench.core.message import UserMessage
from workbench.core.run_total import BY_FORK
from workbench.engine.ports import ExecutionResult

Ignored = ResponseDelta
"""The kinds of events that a recording does without: streamed pieces are in the response, too."""

_PLACE_IN_CALL_ID = re.compile(r"\.(\d+)\.(\d+)\.(\d+)\Z")
RAN = frozenset({"ok", "error", "mocked", "replayed"})
"""Outcomes of calls that gave a result; the result can be given again."""


class Attempt(msgspec.Struct):
    """One request and its response or failure; neither when the log ends there."""

    sent: RequestSent
    received: ResponseReceived | None = None
    failed: RequestFailed | None = None

    @property
    def is_open(self) -> bool:
        """Whether the log lacks how it ended."""
        return self.received is None and self.failed is None


@dataclass
class RecordedCall:
    """Everything recorded about one call, questions and decisions in their order."""

    proposed: ToolCallProposed
    checked: ToolCallChecked | None = None
    asked: list[ApprovalAsked] = field(default_factory=list)
    given: list[ApprovalGiven] = field(default_factory=list)
    started: ToolStarted | None = None
    settled: ToolCallSettled | None = None
    talk: list[ServerAsked | ServerAnswered] = field(default_factory=list)
    """What its server asked in the middle of it, and was told."""

    @property
    def has_result(self) -> bool:
        """Whether an executor gave a result, which can be given again."""
        return self.started is not None and self.settled is not None and self.settled.outcome in RAN

    @property
    def questions(self) -> list[ServerAsked]:
        """What its server asked in the middle of it and was given a reply to."""
        return [event for event in self.talk if isinstance(event, ServerAsked) and self.reply_to(event.question_id)]

    def reply_to(self, question_id: str) -> ServerAnswered | None:
        """The reply to a question; None when the log ends before it."""
        given = (event for event in self.talk if isinstance(event, ServerAnswered))
        return next((event for event in given if event.question_id == question_id), None)

    @property
    def examined_json(self) -> str:
        """The arguments as they were after the check, which is what was shown for the decision."""
        after = self.checked.arguments_json if self.checked is not None else None
        return self.proposed.arguments_json if after is None else after

    @property
    def result(self) -> str:
        """What the tool returned, before it was clipped or got a remark."""
        if self.settled is None:
            return ""
        return self.settled.result_text if self.settled.full_text is None else self.settled.full_text

    @property
    def answer(self) -> ExecutionResult:
        """What an executor that repeats this call returns. The call has to be settled."""
        settled = self.settled
        assert settled is not None
        return ExecutionResult(self.result, settled.output, settled.is_error, attachments=settled.attachments)


class Recording:
    """One stored run, read once and never changed."""

    def __init__(self, events: Sequence[RunEvent]) -> None:
        """Raises `UsageError` for what cannot be rerun: a log without its beginning, or of a newer program."""
        self.events = tuple(events)
        first = self.events[0] if self.events else None
        if not isinstance(first, RunStarted):
            raise UsageError("this recording has no beginning", hint="It can be played back as far as it goes.")
        if first.format_version > FORMAT_VERSION:
            raise UsageError(
                f"this run was recorded in format {first.format_version}, this program knows up to {FORMAT_VERSION}",
                hint="Update the workbench. It can be played back as far as it is understood.",
            )
        self.started: RunStarted = first
        self.finished: RunFinished | None = None
        self.limits: list[LimitReached] = []
        self.prompts: list[UserMessage] = []
        self.routed: dict[tuple[int, int], ToolsRouted] = {}
        """By turn and round."""
        self.attempts: dict[SpanPath, Attempt] = {}
        self.calls: dict[SpanPath, RecordedCall] = {}
        self.inherited = _inherited(self.events)
        """Of a fork: what it began with, the note at its end included. It was made with another setup, so it is given
        to a rerun of the fork, and never run again itself."""
        self._last_round_at_seq = 0
        for event in self.events:
            self._take(event)

    @property
    def own_prompts(self) -> tuple[UserMessage, ...]:
        """The user messages of the run itself, without those it inherited."""
        return tuple(self.prompts[sum(isinstance(event, TurnStarted) for event in self.inherited) :])

    @property
    def own_attempts(self) -> tuple[Attempt, ...]:
        """The requests that the run itself sent, in order."""
        after = self.inherited[-1].seq if self.inherited else 0
        return tuple(attempt for attempt in self.attempts.values() if attempt.sent.seq > after)

    @property
    def is_whole(self) -> bool:
        """Whether the run came to an end, rather than being interrupted."""
        return self.finished is not None and self.finished.ended_by != "interruption"

    def is_open_end(self, call: RecordedCall) -> bool:
        """Whether the recording ends in the middle of this call: no request of the model after it."""
        if call.settled is None:
            return True
        was_cut = call.settled.outcome in ("unknown", "cancelled")
        return was_cut and call.proposed.seq > self._last_round_at_seq and not self._ended_by_itself

    @property
    def _ended_by_itself(self) -> bool:
        return self.finished is not None and self.finished.ended_by not in ("stop", "interruption", "rejection")

    def _take(self, event: RunEvent) -> None:  # noqa: C901 — one flat match, one case per kind
        if isinstance(event, Ignored):
            return
        match event:
            case TurnStarted():
                self.prompts.append(event.message)
            case RoundStarted():
                self._last_round_at_seq = event.seq
            case ToolsRouted():
                self.routed[event.turn, event.round] = event
            case RequestSent():
                self.attempts[event.span] = Attempt(event)
            case ResponseReceived():
                if (answered := self.attempts.get(event.span)) is not None:
                    answered.received = event
            case RequestFailed():
                if (broken := self.attempts.get(event.span)) is not None:
                    broken.failed = event
            case ToolCallProposed():
                self.calls[event.span] = RecordedCall(event)
            case ToolCallChecked() | ApprovalAsked() | ApprovalGiven() | ToolStarted() | ToolCallSettled():
                if (call := self.calls.get(event.span)) is not None:
                    _advance(call, event)
            case ServerAsked() | ServerAnswered():
                if (call := self.calls.get(event.span)) is not None:
                    call.talk.append(event)
            case LimitReached():
                self.limits.append(event)
            case RunFinished():
                self.finished = event
            case RunStarted() | NoteAdded():
                pass  # the beginning and the end of what a fork inherits are known already
            case _:
                assert_never(event)


def place_of(call_id: CallId) -> SpanPath:
    """The span of a call, from the id that is derived from it."""
    found = _PLACE_IN_CALL_ID.search(call_id)
    if found is None:
        return SpanPath(call_id)
    turn, round_number, number = map(int, found.groups())
    return call_span(turn, round_number, number - 1)


def _inherited(events: tuple[RunEvent, ...]) -> tuple[RunEvent, ...]:
    for number, event in enumerate(events, 1):
        if isinstance(event, NoteAdded) and event.by == BY_FORK:
            return events[:number]
    return ()


def _advance(
    call: RecordedCall, event: ToolCallChecked | ApprovalAsked | ApprovalGiven | ToolStarted | ToolCallSettled
) -> None:
    match event:
        case ToolCallChecked():
            if call.checked is not None:  # after an interruption the call was taken up again from its beginning
                call.asked.clear()
                call.given.clear()
            call.checked = event
        case ApprovalAsked():
            if not call.asked or call.asked[-1].shown_hash != event.shown_hash or len(call.given) >= len(call.asked):
                call.asked.append(event)  # the same question again has only been given more time
        case ApprovalGiven():
            call.given.append(event)
        case ToolStarted():
            call.started = event
        case ToolCallSettled():
            call.settled = event
        case _:
            assert_never(event)
