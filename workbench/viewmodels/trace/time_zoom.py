"""Which part of the waterfall's time axis is looked at."""

from workbench.core.signal import Signal
from workbench.viewmodels.trace.time_axis import AxisKind, TimeAxis, axis_label, scaled, unscaled

STEP = 0.6
"""How much of the range remains when it is looked at one step closer."""
_PAN = 0.25
_LEAST_S = 0.0005


class TimeZoom:
    """The whole axis, which grows while a run goes on, or a range of it, which stays where it is.

    `whole_s` is where the whole axis ends now.
    """

    def __init__(self) -> None:
        self.kind: AxisKind = "linear"
        self.window: tuple[float, float] | None = None
        """Seconds from and to; None for the whole axis."""
        self.changed: Signal[[]] = Signal()

    def axis(self, whole_s: float) -> TimeAxis:
        """The axis to draw."""
        start, end = self.window or (0.0, whole_s)
        return TimeAxis(start, end, self.kind)

    def switch_kind(self) -> None:
        """Logarithmic or linear; the range stays."""
        self.kind = "linear" if self.kind == "log" else "log"
        self.changed.emit()

    def zoom(self, steps: float, whole_s: float, at: float = 0.5) -> None:
        """Look closer (above 0) or from further away; what stands at the place `at` (0 to 1) stays there."""
        low, high = self._scaled(whole_s)
        factor = STEP**steps
        center = low + at * (high - low)
        self._look(center - (center - low) * factor, center + (high - center) * factor, whole_s)

    def pan(self, steps: float, whole_s: float) -> None:
        """Move later (above 0) or earlier by quarters of what is shown."""
        if self.window is None:
            return
        low, high = self._scaled(whole_s)
        move = (high - low) * _PAN * steps
        most = max(high, scaled(whole_s, self.kind))
        move = min(max(move, -low), most - high)
        self._look(low + move, high + move, whole_s)

    def select(self, start_s: float, end_s: float, whole_s: float) -> None:
        """Look at exactly this range, in seconds, however it was dragged."""
        start_s, end_s = sorted((max(0.0, start_s), max(0.0, end_s)))
        if end_s - start_s < _LEAST_S:
            end_s = start_s + _LEAST_S
        self._look(scaled(start_s, self.kind), scaled(end_s, self.kind), max(whole_s, end_s))

    def show_whole(self) -> None:
        """The whole axis again."""
        if self.window is not None:
            self.window = None
            self.changed.emit()

    def words(self, whole_s: float) -> str:
        """`40 ms to 1.2 s of 3.1 s`, or what the whole axis spans."""
        if self.window is None:
            return f"whole run, {axis_label(whole_s)}"
        start, end = self.window
        return f"{axis_label(_rounded(start))} to {axis_label(_rounded(end))} of {axis_label(_rounded(whole_s))}"

    def _scaled(self, whole_s: float) -> tuple[float, float]:
        start, end = self.window or (0.0, whole_s)
        return scaled(start, self.kind), scaled(end, self.kind)

    def _look(self, low: float, high: float, whole_s: float) -> None:
        before = self.window
        start = max(0.0, unscaled(max(0.0, low), self.kind))
        end = min(unscaled(high, self.kind), max(whole_s, before[1] if before else 0.0))
        if end - start < _LEAST_S:
            return
        is_whole = start <= 1e-6 and end >= whole_s - 1e-6
        self.window = None if is_whole else (start, end)
        if self.window != before:
            self.changed.emit()


def _rounded(seconds: float) -> float:
    """Three digits are enough to be read."""
    return float(f"{seconds:.3g}")
