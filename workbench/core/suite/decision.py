"""The decision in a trial's run that its grade is about."""

from workbench.core.ids import SpanPath, round_span
from workbench.core.suite.grade import Grade
from workbench.core.trace import Trace


def decisive_span(trace: Trace, grade: Grade | None) -> SpanPath | None:
    """The call that was chosen, or else the last round that was answered; None where the model never answered.

    A tool that a variant renamed is found by its last round only: the run knows it under its other name.
    """
    chosen = grade.chosen.removeprefix("unknown: ").split(" + ") if grade is not None else []
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
