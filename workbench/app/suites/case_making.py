"""Cases from recordings: from a marked decision, or from a turn as it happened."""

import re
from collections.abc import Iterator, Sequence

from workbench.core.choice import ChosenCall
from workbench.core.conversation import conversation
from workbench.core.errors import MalformedJson, UsageError
from workbench.core.event import RunEvent
from workbench.core.hand_call import called_by_hand
from workbench.core.json_text import JsonValue, parse_strict
from workbench.core.mark import Mark
from workbench.core.message import AssistantMessage, Message, ToolResultsMessage, UserMessage
from workbench.core.selection import Expectation
from workbench.core.suite.case import Case, CaseTurn, EarlierEntry, Expected, ServedResult, WantedCall
from workbench.core.suite.invention import Invention, plain_request
from workbench.core.trace import Trace, TurnSpan, fold

_ANSWERED = frozenset({"ok", "mocked", "replayed", "error"})
_ID = re.compile(r"[^A-Za-z0-9]+")


def case_of_mark(mark: Mark, events: Sequence[RunEvent], case_id: str) -> Case:
    """The case of a mark: its turn, with what should have been called. Recorded results are served.

    Raises `UsageError` when the run has no such turn.
    """
    turn = int(mark.point.partition("/")[0].removeprefix("turn-") or 1)
    return case_of_turn(events, turn, expected_of(mark.expectation), case_id, tags=("marked",), notes=mark.note)


def case_as_it_went(events: Sequence[RunEvent], turn: int, case_id: str) -> Case:
    """The case that expects the calls of a recorded turn as they were made, with their arguments; a person's edits
    count as what should have been called, and what they rejected as what should not.

    Raises `UsageError` when the run has no such turn.
    """
    span = _turn(fold(events), turn)
    calls = tuple(
        WantedCall(call.tool, escaped(arguments))
        if (arguments := ChosenCall(call.tool, call.arguments_json).arguments) is not None
        else WantedCall(call.tool)
        for current in span.rounds
        for call in current.calls
        if call.outcome != "rejected"
    )
    made = {call.tool for call in calls}
    rejected = dict.fromkeys(
        call.tool for current in span.rounds for call in current.calls if call.outcome == "rejected"
    )
    never = tuple(tool for tool in rejected if tool not in made)
    return case_of_turn(events, turn, Expected(calls, never=never), case_id)


def case_of_turn(
    events: Sequence[RunEvent],
    turn: int,
    expected: Expected,
    case_id: str,
    *,
    tags: tuple[str, ...] = (),
    notes: str = "",
) -> Case:
    """The case of a recorded turn: the conversation before it, its message, and the results that are on record."""
    span = _turn(fold(events), turn)
    before = conversation(events, up_to_seq=span.started.seq - 1)
    return Case(
        case_id=case_id,
        turns=(CaseTurn(_request(span.started.message.text), expected),),
        earlier=tuple(_entries(before)),
        results=tuple(_results(span)),
        tags=tags,
        notes=notes,
        cluster=str(span.started.run_id),
    )


def expected_of(expectation: Expectation) -> Expected:
    """The same expectation as a suite writes it."""
    calls = tuple(
        WantedCall(call.tool, None if call.arguments is None else escaped(call.arguments), call.exactly)
        for call in expectation.calls
    )
    return Expected(calls, expectation.in_order)


def free_id(wanted: str, taken: Sequence[str]) -> str:
    """A free, readable ID made of a request's first words."""
    stem = "-".join(filter(None, _ID.split(wanted.casefold())[:6]))[:40] or "case"
    known = set(taken)
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(known) + 2))
    return next(name for name in names if name not in known)


def escaped(value: JsonValue) -> "dict[str, JsonValue]":
    """Recorded arguments as matchers: values that merely look like one are literal."""
    found = _literal(value)
    return found if isinstance(found, dict) else {}


def _literal(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        if any(key.startswith("$") for key in value):
            return {"$equals": value}
        return {key: _literal(each) for key, each in value.items()}
    return [_literal(each) for each in value] if isinstance(value, list) else value


def _request(message: str) -> str:
    """What a user would say; for a call made by hand, a sentence that asks for it."""
    by_hand = called_by_hand(message)
    if by_hand is None:
        return message
    return plain_request(Invention(by_hand[0], 1, _parsed_object(by_hand[1])))[0]


def _turn(trace: Trace, number: int) -> TurnSpan:
    span = next((each for each in trace.turns if each.number == number), None)
    if span is None:
        raise UsageError(f"the run has no turn {number}")
    return span


def _entries(messages: Sequence[Message]) -> Iterator[EarlierEntry]:
    for number, message in enumerate(messages):
        match message:
            case UserMessage(text=text):
                yield EarlierEntry(user=text)
            case AssistantMessage():
                if message.text:
                    yield EarlierEntry(assistant=message.text)
                follows = messages[number + 1] if number + 1 < len(messages) else None
                results = follows.results if isinstance(follows, ToolResultsMessage) else ()
                for call, result in zip(message.calls, results, strict=False):
                    yield EarlierEntry(
                        tool=call.tool, arguments=_parsed_object(call.arguments_json), result=_parsed(result.text)
                    )
            case ToolResultsMessage():
                pass


def _results(span: TurnSpan) -> Iterator[ServedResult]:
    for current in span.rounds:
        for call in current.calls:
            arguments = ChosenCall(call.tool, call.arguments_json).arguments
            if call.settled is not None and call.outcome in _ANSWERED and arguments is not None:
                yield ServedResult(
                    call.tool, _parsed(call.settled.result_text), escaped(arguments), call.settled.is_error
                )


def _parsed_object(text: str) -> "dict[str, JsonValue]":
    found = _parsed(text)
    return found if isinstance(found, dict) else {}


def _parsed(text: str) -> JsonValue:
    try:
        return parse_strict(text)
    except MalformedJson:
        return text
