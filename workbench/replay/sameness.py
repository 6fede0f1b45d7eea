"""Did two runs do the same? Times and ids do not count, nor the order in which parallel calls came to their ends.

A run is described as a list of facts, each with its place and its name, in the order of the conversation.
"""

from collections.abc import Iterator, Sequence

import msgspec

from workbench.core.event import RequestSent, RunEvent, RunFinished, RunStarted
from workbench.core.exchange import ModelResponse
from workbench.core.ids import ROOT_SPAN, SpanPath
from workbench.core.json_text import JsonValue
from workbench.core.trace import RoundSpan, fold
from workbench.replay.fingerprint import request_difference
from workbench.replay.recording import Attempt, RecordedCall, Recording

_SHOWN_CHARS = 120


class Fact(msgspec.Struct, frozen=True):
    """One thing a run did. Facts of two runs belong together when place and name are equal."""

    place: SpanPath
    name: str
    value: JsonValue
    request: RequestSent | None = None
    """Set for a request, which is compared by its fingerprint."""


class Divergence(msgspec.Struct, frozen=True):
    """The first thing in which two runs differ. None: one of them did not do it at all."""

    place: SpanPath
    name: str
    recorded: str | None
    now: str | None

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        if self.recorded is None:
            return f"{where}{self.name} is new: {self.now}"
        if self.now is None:
            return f"{where}{self.name} is missing; it was {self.recorded}"
        return f"{where}{self.name} was {self.recorded} and is {self.now}"


def first_divergence(recorded: Sequence[RunEvent], now: Sequence[RunEvent]) -> Divergence | None:
    """The first difference, or None when the runs did the same.

    A recording that was interrupted is compared as far as it goes.
    """
    then = Recording(recorded)
    facts = {(fact.place, fact.name): fact for fact in _facts(Recording(now))}
    for fact in _facts(then):
        other = facts.pop((fact.place, fact.name), None)
        if other is None:
            return Divergence(fact.place, fact.name, _short(fact.value), None)
        if other.value != fact.value:
            return Divergence(fact.place, fact.name, _short(fact.value), _short(other.value))
        if fact.request is not None and other.request is not None and (where := _where(fact.request, other.request)):
            return Divergence(fact.place, fact.name, "another one", where)
    if then.is_whole:
        for fact in facts.values():
            return Divergence(fact.place, fact.name, None, _short(fact.value))
    return None


def _facts(recording: Recording) -> Iterator[Fact]:
    yield from _setup(recording.started)
    for turn in fold(recording.events).turns:
        yield Fact(turn.started.span, "the message", turn.started.message.text)
        for current in turn.rounds:
            yield from _round(recording, current)
    for limit in recording.limits:
        yield Fact(ROOT_SPAN, f"the limit of {limit.limit}", limit.value)
    if recording.is_whole and recording.finished is not None:
        yield from _ending(recording.finished)


def _setup(started: RunStarted) -> Iterator[Fact]:
    for name, value in (
        ("the provider", started.provider),
        ("the model", started.model),
        ("the instructions", started.instructions),
        ("the tools", list[JsonValue](started.tools)),
        ("the tool choice", msgspec.to_builtins(started.tool_choice)),
        ("parallel calls", started.parallel_calls),
        ("pictures", started.sends_pictures),
        ("the sampling parameters", dict[str, JsonValue](started.parameters)),
        ("the settings", started.settings),
    ):
        yield Fact(ROOT_SPAN, name, value)


def _round(recording: Recording, current: RoundSpan) -> Iterator[Fact]:
    place = current.started.span
    if current.routed is not None:
        yield Fact(place, "the routing", [list[JsonValue](current.routed.routed.offered), current.routed.routed.forced])
    attempts = [recording.attempts[request.span] for request in current.requests]
    if recording.is_whole or any(not attempt.is_open for attempt in attempts):
        attempts = [attempt for attempt in attempts if not attempt.is_open] or attempts
    for number, attempt in enumerate(attempts, 1):
        yield from _attempt(place, f"request {number}", attempt)
    for call in current.calls:
        yield from _call(recording, recording.calls[call.span])


def _attempt(place: SpanPath, name: str, attempt: Attempt) -> Iterator[Fact]:
    sent = attempt.sent
    yield Fact(place, name, sent.wire_format, request=sent)
    yield Fact(place, f"{name}, the tools offered", list[JsonValue](sent.offered))
    notes = " ".join(filter(None, (sent.emulation, sent.narrowing)))  # older logs have both in the first
    yield Fact(place, f"{name}, the emulation", [notes, sent.instruction])
    if attempt.received is not None:
        yield Fact(place, f"{name}, the response", _response(attempt.received.response))
    if (failed := attempt.failed) is not None:
        yield Fact(place, f"{name}, the failure", [failed.failure, failed.message, failed.code, failed.partial_text])
        yield Fact(place, f"{name}, tried again", failed.retry_in_s is not None)


def _response(response: ModelResponse) -> JsonValue:
    document: JsonValue = msgspec.to_builtins(response)
    return document


def _call(recording: Recording, call: RecordedCall) -> Iterator[Fact]:
    place = call.proposed.span
    yield Fact(place, "the call", [call.proposed.tool, call.proposed.arguments_json, call.proposed.wire_call_id])
    if call.checked is not None:
        yield Fact(place, "the check", [call.checked.is_known, [str(problem) for problem in call.checked.problems]])
        yield Fact(place, "the arguments after the check", call.checked.arguments_json)
    is_open_end = not recording.is_whole and recording.is_open_end(call)
    if not is_open_end or call.asked:
        yield Fact(place, "the questions", [[asked.rule, asked.wants] for asked in call.asked])
    if not is_open_end or call.given:
        yield Fact(
            place,
            "the decisions",
            [[g.decision, g.by, g.rule, g.note, g.arguments_json, g.grant, g.model_sees] for g in call.given],
        )
    if call.started is not None:
        yield Fact(place, "the arguments that ran", call.started.arguments_json)
    for asked in call.questions:
        reply = call.reply_to(asked.question_id)
        assert reply is not None
        yield Fact(place, asked.question_id, [asked.server, msgspec.to_builtins(asked.asked)])
        yield Fact(place, f"the reply to {asked.question_id}", [reply.action, reply.by, reply.content, reply.note])
    if (settled := call.settled) is not None and not is_open_end:
        yield Fact(place, "the outcome", "ran" if call.has_result else settled.outcome)
        yield Fact(place, "the result", [settled.result_text, settled.is_error, settled.error_kind])
        yield Fact(place, "the output", settled.output)
        yield Fact(place, "the attachments", [msgspec.to_builtins(each) for each in settled.attachments])


def _ending(finished: RunFinished) -> Iterator[Fact]:
    totals = finished.totals
    yield Fact(ROOT_SPAN, "the ending", [finished.outcome, finished.ended_by, finished.message])
    yield Fact(ROOT_SPAN, "the answer", finished.text)
    yield Fact(
        ROOT_SPAN,
        "the totals",
        [totals.turns, totals.rounds, totals.calls, msgspec.to_builtins(totals.usage)],
    )


def _where(recorded: RequestSent, now: RequestSent) -> str:
    if recorded.body_json == now.body_json:
        return ""
    return request_difference(recorded.wire_format, recorded.body_json, now.body_json)


def _short(value: JsonValue) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"
