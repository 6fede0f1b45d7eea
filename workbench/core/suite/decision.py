"""The decision in a trial's run that its grade is about."""

from collections.abc import Mapping

from workbench.core.ids import SpanPath, round_span
from workbench.core.suite.grade import Grade
from workbench.core.trace import Trace


def decisive_span(trace: Trace, grade: Grade | None, renames: Mapping[str, str]) -> SpanPath | None:
    """The call that was chosen, or else the last round that was answered; None where the model never answered. The run
    knows a tool by the name that its variant gave it (`renames`)."""
    names = grade.chosen.removeprefix("unknown: ").split(" + ") if grade is not None else []
    chosen = [renames.get(name, name) for name in names]
    last: SpanPath | None = None
    for turn in trace.turns:
        for current in turn.rounds:
            if current.response is None:
                continue
            last = round_span(turn.number, current.number)
            for call in current.calls:
                if call.tool in chosen:
                    return call.span
    return last
