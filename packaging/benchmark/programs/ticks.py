"""A tick every 16 ms on the window's thread: how late it comes, and what the thread worked in between."""

import time

from PySide6.QtCore import QObject, Qt, QTimer

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
