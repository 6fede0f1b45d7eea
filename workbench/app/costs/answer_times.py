"""How long answers of each model took since the program was started, so that estimates follow from measuring."""

from collections import deque

_MOST = 50
"""The newest answers of a model that count."""


class AnswerTimes:
    """Seconds by the SPEC of a model."""

    def __init__(self) -> None:
        self._taken: dict[str, deque[float]] = {}

    def record(self, spec: str, seconds: float) -> None:
        """An answer came after so long."""
        self._taken.setdefault(spec, deque(maxlen=_MOST)).append(seconds)

    def mean(self, spec: str) -> float | None:
        """What an answer takes; None where none came yet."""
        taken = self._taken.get(spec)
        return sum(taken) / len(taken) if taken else None
