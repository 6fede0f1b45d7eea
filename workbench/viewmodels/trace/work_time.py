"""Time in which the program worked: a run's time without the intervals in which it only waited for a person."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

TimeRange = tuple[float, float]
"""From and to, in seconds since the epoch."""


class IdleTime:
    """The intervals of one run in which a person was waited for and nothing else went on.

    Facts come in the order in which they end, as they do in a log, so that only the newest intervals are looked at.
    """

    def __init__(self) -> None:
        self.intervals: list[TimeRange] = []
        """Sorted, and apart from each other."""
        self.version = 0
        self._work: list[TimeRange] = []

    def add_wait(self, start: float, stop: float) -> None:
        """A wait is over."""
        self.version += 1
        self._put(self._without_work(start, stop))

    def add_work(self, start: float, stop: float, *, is_waiting: bool) -> None:
        """Something else was done, while somebody was waited for or not (`is_waiting`: a wait goes on)."""
        self.version += 1
        if is_waiting:
            self._work.append((start, stop))
        else:
            self._work.clear()
        pieces: list[TimeRange] = []
        while self.intervals and self.intervals[-1][1] > start:
            pieces += _cut([self.intervals.pop()], start, stop)
        self.intervals += sorted(pieces)

    def with_open(self, since: float, now: float, working_since: float | None) -> list[TimeRange]:
        """All intervals when a wait has gone on since then, and perhaps some work as well."""
        end = now if working_since is None else min(now, max(since, working_since))
        return _merged([*self.intervals, *self._without_work(since, end)])

    def _without_work(self, start: float, stop: float) -> list[TimeRange]:
        pieces = [(start, stop)] if stop > start else []
        for begun, ended in reversed(self._work):
            if ended <= start:
                break
            pieces = _cut(pieces, begun, ended)
        return pieces

    def _put(self, pieces: Iterable[TimeRange]) -> None:
        for piece in sorted(pieces):
            late: list[TimeRange] = [piece]
            while self.intervals and self.intervals[-1][1] >= piece[0]:
                late.append(self.intervals.pop())
            self.intervals += _merged(late)


class WorkTime:
    """Moments of one run as seconds of work since its start. The intervals left out are sorted and apart."""

    def __init__(self, run_at: float, idle: Sequence[TimeRange]) -> None:
        self._run_at = run_at
        self._starts = [start for start, _ in idle]
        self._stops = [stop for _, stop in idle]
        self._before = [0.0, *accumulate(stop - start for start, stop in idle)]

    def at(self, moment: float) -> float:
        """Seconds of work before a moment, given in seconds since the epoch."""
        place = bisect_right(self._starts, moment)
        waited = self._before[place]
        if place and moment < self._stops[place - 1]:
            waited -= self._stops[place - 1] - moment
        return max(0.0, moment - self._run_at - waited)


def _cut(pieces: Iterable[TimeRange], start: float, stop: float) -> list[TimeRange]:
    """What is left of these when an interval is taken out."""
    left: list[TimeRange] = []
    for begun, ended in pieces:
        if ended <= start or begun >= stop:
            left.append((begun, ended))
            continue
        if begun < start:
            left.append((begun, start))
        if ended > stop:
            left.append((stop, ended))
    return left


def _merged(intervals: Iterable[TimeRange]) -> list[TimeRange]:
    merged: list[TimeRange] = []
    for start, stop in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged
