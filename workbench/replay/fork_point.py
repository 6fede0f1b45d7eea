"""Where a run can be forked, how such a point is written, and what of the run comes before it.

The points of a run have one order: before a message, before each of its rounds, before each call of a round.
After a call is before the next one; after the last call of a round is before the round that follows.
"""

import re
from collections.abc import Iterator
from typing import Literal, assert_never

import msgspec

from workbench.core.errors import UsageError
from workbench.core.event import (
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
from workbench.core.json_text import whole_number
from workbench.core.trace import RoundSpan, Trace, fold
from workbench.replay.recording import Recording

Ignored = ResponseDelta | LimitReached | NoteAdded | RunFinished
"""The kinds of events that no fork inherits."""

USAGE = "Use turn-1, round-2, round-2/call-1, after:round-2/call-1, or #SEQ for the point at an event."
_POINT = re.compile(r"(?:(before|after):)?(?:turn-(\d{1,9}))?/?(?:round-(\d{1,9}))?/?(?:call-(\d{1,9}))?")


class ForkPoint(msgspec.Struct, frozen=True, order=True):
    """Before a message (`round` is 0), before a round (`call` is 0), or before a call; all count from 1."""

    turn: int
    round: int = 0
    call: int = 0

    @property
    def kind(self) -> Literal["message", "round", "call"]:
        """What it is in front of."""
        return "call" if self.call else "round" if self.round else "message"

    def __str__(self) -> str:
        steps = [f"turn-{self.turn}"]
        steps += [f"round-{self.round}"] if self.round else []
        steps += [f"call-{self.call}"] if self.call else []
        return "/".join(steps)


def parse_point(text: str, recording: Recording) -> ForkPoint:
    """The point `text` means in this run; raises `UsageError` for one it does not have."""
    trace = fold(recording.events)
    if text.startswith("#") and (seq := whole_number(text[1:])) is not None:
        return point_at(recording, seq)
    found = _POINT.fullmatch(text.strip())
    if found is None or not any(found.groups()[1:]):
        raise UsageError(f"{text!r} is not a point of a run", hint=USAGE)
    side, *numbers = found.groups()
    turn, round_number, call = (int(number) if number else 0 for number in numbers)
    if call and not round_number:
        raise UsageError(f"{text!r} does not say which round the call is in", hint=USAGE)
    point = ForkPoint(turn or max(1, len(trace.turns)), round_number, call)
    return _checked(_after(point, trace) if side == "after" else point, trace, text)


def point_at(recording: Recording, seq: int) -> ForkPoint:
    """The point of an event: for a settled call and the end of a run, the point after it where there can be one; for
    everything else, its beginning.

    Raises `UsageError` when the run has no such event, or the event has no point.
    """
    trace = fold(recording.events)
    turn = round_number = 1
    for event in recording.events:
        if isinstance(event, TurnStarted):
            turn, round_number = event.turn, 0
        elif isinstance(event, RoundStarted):
            round_number = event.round
        if event.seq == seq:
            break
    else:
        raise UsageError(f"this run has no event {seq}")
    place = re.search(r"call-(\d+)\Z", event.span)
    if place is None:
        point = ForkPoint(turn, round_number)
        if isinstance(event, RunFinished | LimitReached) and not _why_not(after := _after(point, trace), trace):
            return after
        return _checked(point, trace, f"#{seq}")
    point = ForkPoint(turn, round_number, int(place[1]))
    return _checked(_after(point, trace) if isinstance(event, ToolCallSettled) else point, trace, f"#{seq}")


def points(recording: Recording) -> Iterator[ForkPoint]:
    """Every point of the run that can be forked, in order."""
    trace = fold(recording.events)
    for turn in trace.turns:
        yield ForkPoint(turn.number)
        for current in turn.rounds:
            yield ForkPoint(turn.number, current.number)
            if current.response is not None:
                reachable = min(len(current.calls), _settled(current) + 1)
                yield from (ForkPoint(turn.number, current.number, number + 1) for number in range(reachable))
        if turn.rounds and _is_over(turn.rounds[-1]):
            yield ForkPoint(turn.number, turn.rounds[-1].number + 1)


def before_point(recording: Recording, point: ForkPoint) -> tuple[RunEvent, ...]:
    """The events that lie before the point, in order: without deltas, notes, limits and the end.

    Calls from the point on are open, no matter how they ended; they are still proposed.
    """
    return tuple(_before(recording, point))


def _before(recording: Recording, point: ForkPoint) -> Iterator[RunEvent]:
    here = ForkPoint(0)
    for event in recording.events:
        if isinstance(event, Ignored):
            continue
        match event:
            case RunStarted():
                yield event
                continue
            case TurnStarted():
                here = ForkPoint(event.turn)
            case RoundStarted():
                here = ForkPoint(here.turn, event.round)
            case (
                ToolsRouted()
                | RequestSent()
                | ResponseReceived()
                | RequestFailed()
                | ToolCallProposed()
                | ToolCallChecked()
            ):
                pass
            case ApprovalAsked() | ApprovalGiven() | ToolStarted() | ToolCallSettled():
                pass
            case ServerAsked() | ServerAnswered():
                pass
            case _:
                assert_never(event)
        if here >= ForkPoint(point.turn, point.round) and not (
            point.call and here == ForkPoint(point.turn, point.round)
        ):
            return
        is_open = point.call and here.round == point.round and here.turn == point.turn and _number(event) >= point.call
        if is_open and not isinstance(event, ToolCallProposed):
            continue
        yield event


def _number(event: RunEvent) -> int:
    """The number of the call an event is about, 0 for none."""
    found = re.search(r"call-(\d+)\Z", event.span)
    return int(found[1]) if found else 0


def _after(point: ForkPoint, trace: Trace) -> ForkPoint:
    current = _round(trace, point)
    if point.kind == "message" or current is None:
        return ForkPoint(point.turn + 1)
    if point.call and point.call < len(current.calls):
        return ForkPoint(point.turn, point.round, point.call + 1)
    return ForkPoint(point.turn, point.round + 1)


def _checked(point: ForkPoint, trace: Trace, text: str) -> ForkPoint:
    wrong = _why_not(point, trace)
    if wrong:
        raise UsageError(f"this run cannot be forked at {text}: {wrong}", hint=USAGE)
    return point


def _why_not(point: ForkPoint, trace: Trace) -> str:
    if not 1 <= point.turn <= len(trace.turns):
        return f"it has {len(trace.turns)} messages"
    turn = trace.turns[point.turn - 1]
    if point.round > len(turn.rounds) + 1:
        return f"its turn {point.turn} has {len(turn.rounds)} rounds"
    if point.round == len(turn.rounds) + 1:
        if point.call:
            return f"its turn {point.turn} has {len(turn.rounds)} rounds"
        if turn.rounds and not _is_over(turn.rounds[-1]):
            return f"round {len(turn.rounds)} did not finish, or nothing follows it"
    current = _round(trace, point)
    if point.call and current is not None:
        if point.call > len(current.calls):
            return f"round {point.round} has {len(current.calls)} calls"
        if point.call - 1 > _settled(current):
            return f"a call before it, in round {point.round}, did not finish"
    return ""


def _round(trace: Trace, point: ForkPoint) -> RoundSpan | None:
    if not 1 <= point.turn <= len(trace.turns):
        return None
    rounds = trace.turns[point.turn - 1].rounds
    return rounds[point.round - 1] if 1 <= point.round <= len(rounds) else None


def _settled(current: RoundSpan) -> int:
    """How many calls of the round, from its first on, have a result."""
    for number, call in enumerate(current.calls):
        if call.settled is None:
            return number
    return len(current.calls)


def _is_over(current: RoundSpan) -> bool:
    """Whether another round can follow: calls were made, and all have a result."""
    return bool(current.calls) and _settled(current) == len(current.calls)
