"""The progress of long work: how many of how many, how fast, how much longer."""

import time
from collections.abc import Callable

from workbench.core.signal import Signal
from workbench.viewmodels.shared import figures

SHOWN_AFTER_S = 0.5
"""Shorter work is not reported."""


class Progress:
    """One piece of work. `stop` ends it; finished parts are kept."""

    def __init__(
        self,
        title: str,
        noun: str,
        *,
        stop: Callable[[], object] | None = None,
        shown_after_s: float = SHOWN_AFTER_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.title = title
        self.done = 0
        self.total = 0
        self.is_over = False
        self.stop = stop
        self.changed: Signal[[]] = Signal()
        self._noun = noun
        self._shown_after_s = shown_after_s
        self._now = now
        self._begun = self._ended = now()

    def tell(self, done: int, total: int) -> None:
        """How many are done, out of how many."""
        self.done, self.total = min(done, total), total
        self.changed.emit()

    def finish(self) -> None:
        """Mark it as over, however it ended."""
        if not self.is_over:
            self.is_over, self._ended = True, self._now()
            self.changed.emit()

    @property
    def seconds(self) -> float:
        """How long it has taken so far, or took."""
        return (self._ended if self.is_over else self._now()) - self._begun

    @property
    def end_words(self) -> str:
        """`120 of 120 trials · 32 s`: the result."""
        return " · ".join(filter(None, (self._counted, figures.duration(self.seconds * 1000))))

    @property
    def is_worth_showing(self) -> bool:
        """Whether it takes long enough to be reported."""
        return not self.is_over and self.seconds >= self._shown_after_s

    @property
    def words(self) -> str:
        """`Reading the run · 12,000 of 40,000 events · 24,000/s · 1.2 s left`; how long it takes where nothing is
        counted."""
        elapsed = self.seconds
        if not self.total:
            return f"{self.title} · {figures.duration(elapsed * 1000)}"
        parts = [self.title, self._counted]
        if self.done and elapsed > 0:
            rate = self.done / elapsed
            parts.append(f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s")
            if self.done < self.total:
                parts.append(f"{figures.duration((self.total - self.done) / rate * 1000)} left")
        return " · ".join(parts)

    @property
    def _counted(self) -> str:
        return f"{self.done:,} of {figures.count(self.total, self._noun)}" if self.total else ""
