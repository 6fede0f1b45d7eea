"""Time axes of the waterfall: seconds since a run's start to a place between 0 and 1."""

import math
from typing import Literal

AxisKind = Literal["log", "linear"]
_FLOOR_S = 0.001
_LOG_UNIT_S = 0.01


class TimeAxis:
    """From `start_s` to `end_s`, in proportion. The log axis, by choice, gives every decade above a millisecond as much
    room, so that a call of 40 ms stays visible beside a wait of minutes. It counts from the run's start, also where the
    axis begins later, so that a range that is looked at closely keeps its shape."""

    def __init__(self, start_s: float, end_s: float, kind: AxisKind = "linear") -> None:
        self.start_s = start_s
        self.end_s = max(end_s, start_s + _FLOOR_S)
        self.kind: AxisKind = kind
        self._from = scaled(start_s, kind)
        self._whole = scaled(self.end_s, kind) - self._from
        self._ticks: list[tuple[float, str]] | None = None

    def position(self, at_s: float) -> float:
        """The place of a moment; moments outside are held at the edges."""
        inside = min(max(at_s, self.start_s), self.end_s)
        return (scaled(inside, self.kind) - self._from) / self._whole

    def at(self, position: float) -> float:
        """The moment at a place, in seconds; places outside are held at the edges."""
        inside = min(max(position, 0.0), 1.0)
        return unscaled(self._from + inside * self._whole, self.kind)

    def covers(self, start_s: float, end_s: float) -> bool:
        """Whether any of that range lies on the axis."""
        return end_s >= self.start_s and start_s <= self.end_s

    def ticks(self) -> list[tuple[float, str]]:
        """Places and labels worth marking; worked out once, however many rows are painted."""
        if self._ticks is None:
            self._ticks = [(self.position(moment), axis_label(moment)) for moment in self._moments()]
        return self._ticks

    def _moments(self) -> list[float]:
        length = self.end_s - self.start_s
        is_close = self.start_s > 0 and self.end_s / self.start_s < 20
        if self.kind == "linear" or is_close:
            step = _nice_step(length / 4)
            first = math.ceil(self.start_s / step - 1e-9)
            return [index * step for index in range(first, math.floor(self.end_s / step + 1e-9) + 1)]
        floor = max(self.start_s, _FLOOR_S * 10)
        decades = range(math.ceil(math.log10(floor)), math.floor(math.log10(self.end_s)) + 1)
        return [*([0.0] if self.start_s == 0 else []), *(10.0**decade for decade in decades)]


def scaled(seconds: float, kind: AxisKind) -> float:
    """A moment on the scale that is drawn evenly."""
    return seconds if kind == "linear" else math.log1p(max(0.0, seconds) / _LOG_UNIT_S)


def unscaled(value: float, kind: AxisKind) -> float:
    """The moment of a value on that scale."""
    return value if kind == "linear" else math.expm1(value) * _LOG_UNIT_S


def axis_label(seconds: float) -> str:
    """`0`, `40 ms`, `1.5 s`, `2 m`."""
    if seconds < 1e-9:
        return "0"
    if seconds < 0.9995:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:.4g} s" if seconds < 60 else f"{seconds / 60:.3g} m"


def _nice_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * factor for factor in (1, 2, 5, 10) if step <= power * factor * (1 + 1e-9))
