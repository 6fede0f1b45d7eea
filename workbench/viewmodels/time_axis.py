"""Time axes of the waterfall: seconds since a run's start to a place between 0 and 1."""

import math
from typing import Literal

AxisKind = Literal["log", "linear"]
_FLOOR_S = 0.001


class TimeAxis:
    """From `start_s` to `end_s`. The log axis gives every decade above a millisecond the same room,
    so that a call of 40 ms stays visible beside a wait of minutes."""

    def __init__(self, start_s: float, end_s: float, kind: AxisKind = "log") -> None:
        self.start_s = start_s
        self.end_s = max(end_s, start_s + _FLOOR_S)
        self.kind: AxisKind = kind
        self._whole = self._scaled(self.end_s - self.start_s)

    def position(self, at_s: float) -> float:
        """The place of a moment; moments outside are held at the edges."""
        inside = min(max(at_s, self.start_s), self.end_s)
        return self._scaled(inside - self.start_s) / self._whole

    def ticks(self) -> list[tuple[float, str]]:
        """Places and labels worth marking."""
        length = self.end_s - self.start_s
        if self.kind == "linear":
            step = _nice_step(length / 4)
            steps = [index * step for index in range(int(length / step) + 1)]
        else:
            decades = range(math.ceil(math.log10(_FLOOR_S * 10)), math.floor(math.log10(length)) + 1)
            steps = [0.0, *(10.0**decade for decade in decades)]
        return [(self.position(self.start_s + step), _label(step)) for step in steps]

    def _scaled(self, seconds: float) -> float:
        return seconds if self.kind == "linear" else math.log1p(seconds / (_FLOOR_S * 10))


def _nice_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * factor for factor in (1, 2, 5, 10) if step <= power * factor)


def _label(seconds: float) -> str:
    if seconds == 0:
        return "0"
    if seconds < 0.9995:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 60 else f"{seconds / 60:.3g} m"
