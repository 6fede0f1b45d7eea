"""The recorded answer of a decision, complete, with what else the wire sent."""

from workbench.app.microscope.decision import RecordedDecision
from workbench.core.exchange import ModelResponse


def recorded_answer(decision: RecordedDecision) -> ModelResponse | None:
    """The answer that holds the decision; None when the model did not answer."""
    point = decision.point
    prefix = f"turn-{point.turn}/round-{max(1, point.round)}/"
    found = (
        attempt.received.response
        for span, attempt in decision.recording.attempts.items()
        if span.startswith(prefix) and attempt.received is not None
    )
    return next(found, None)
