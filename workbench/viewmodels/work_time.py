"""Time in which the program worked: a run's time without the stretches in which a person was waited for."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate


class WorkTime:
    """Moments of one run, as seconds of work since its start. `waits` are sorted, do not overlap, and may be open:
    then `open_from` is since when a person has been waited for."""

    def __init__(self, run_at: float, waits: Sequence[tuple[float, float]], open_from: float | None = None) -> None:
        self._run_at = run_at
        self._open_from = open_from
        self._starts = [start for start, _ in waits]
        self._stops = [stop for _, stop in waits]
        self._before = [0.0, *accumulate(stop - start for start, stop in waits)]

    def at(self, moment: float) -> float:
        """Seconds of work before a moment, given in seconds since the epoch."""
        if self._open_from is not None:
            moment = min(moment, max(self._open_from, self._run_at))
        place = bisect_right(self._starts, moment)
        waited = self._before[place]
        if place and moment < self._stops[place - 1]:
            waited -= self._stops[place - 1] - moment
        return max(0.0, moment - self._run_at - waited)
