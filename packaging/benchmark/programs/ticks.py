"""A tick every 16 ms on the window's thread: how late it comes, and what the thread worked in between."""

import time
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, QTimer

from benchmark.figure import percentile
from benchmark.programs.cost import report

TICK_MS = 16


class Ticks(QObject):
    """Collects since the last `take`."""

    def __init__(self) -> None:
        super().__init__()
        self._gaps: list[float] = []
        self._work: list[float] = []
        self._wall, self._cpu = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(TICK_MS)

    def take(self) -> tuple[list[float], list[float]]:
        """Milliseconds from tick to tick, and the milliseconds this thread worked in each; starts over."""
        taken = self._gaps, self._work
        self._gaps, self._work = [], []
        return taken

    def _on_tick(self) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        self._gaps.append((wall - self._wall) * 1000)
        self._work.append((cpu - self._cpu) * 1000)
        self._wall, self._cpu = wall, cpu


def report_ticks(idle: Sequence[float], gaps: Sequence[float], work: Sequence[float], **more: float) -> None:
    """Print how regular they were; `more` is what else there is to say."""
    report(
        idle_p99=percentile(idle, 0.99),
        p99=percentile(gaps, 0.99),
        worst=max(gaps),
        work_p99=percentile(work, 0.99),
        work_worst=max(work),
        work_ms=sum(work),
        frames=len(gaps),
        **more,
    )
