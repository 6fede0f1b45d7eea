"""The decision in a trial's run that its grade is about."""

from collections.abc import Mapping

from workbench.core.ids import SpanPath, round_span
from workbench.core.suite.grade import Grade
from workbench.core.trace import Trace


def decisive_span(trace: Trace, grade: Grade | None, renames: Mapping[str, str]) -> SpanPath | None:
    """In the turn that the grade is about, the call that was chosen, or else the last round that was answered; in an
    earlier turn where that one was not reached. None where the model never answered. The run knows a tool by the name
    that its variant gave it (`renames`)."""
    names = grade.chosen.removeprefix("unknown: ").split(" + ") if grade is not None else []
    chosen = [renames.get(name, name) for name in names]
    turns = trace.turns[: grade.turn] if grade is not None else trace.turns
    answered = [(turn.number, each) for turn in turns for each in turn.rounds if each.response is not None]
    if not answered:
        return None
    number, last = answered[-1]
    calls = (call for turn, current in answered if turn == number for call in current.calls)
    return next((call.span for call in calls if call.tool in chosen), round_span(number, last.number))
