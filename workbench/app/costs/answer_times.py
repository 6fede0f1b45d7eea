"""How long each model's answers took since the program started, so that estimates are based on measurements."""

from collections import deque

_MOST = 50
"""How many of a model's newest answers count."""


class AnswerTimes:
    """Seconds by the SPEC of a model."""

    def __init__(self) -> None:
        self._taken: dict[str, deque[float]] = {}

    def record(self, spec: str, seconds: float) -> None:
        """Record how long an answer took."""
        self._taken.setdefault(spec, deque(maxlen=_MOST)).append(seconds)

    def mean(self, spec: str) -> float | None:
        """The time of an answer; None before the first one."""
        taken = self._taken.get(spec)
        return sum(taken) / len(taken) if taken else None
