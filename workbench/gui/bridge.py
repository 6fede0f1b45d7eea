"""The one door from the event log to the view-models: batches, at most 30 a second."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from workbench.core.event import RunEvent
from workbench.core.log import EventLog

FRAME_MS = 33
"""Between two batches. When a batch took long, the next one waits as long again, so that input gets through."""


class LogBridge(QObject):
    """Follows one log until it is closed."""

    def __init__(self, log: EventLog, take: Callable[[list[RunEvent]], None], parent: QObject | None = None) -> None:
        """`take` is called on the window's thread with every event of `log`, old and new, in order."""
        super().__init__(parent)
        self._take = take
        self._waiting: list[RunEvent] = list(log)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)
        self._pause_until = 0.0
        self._unsubscribe = log.subscribe(self._on_event)
        self.flush()

    def flush(self) -> None:
        """Hand over what waits, now."""
        if not self._waiting:
            return
        batch, self._waiting = self._waiting, []
        started = time.monotonic()
        self._take(batch)
        ended = time.monotonic()
        self._pause_until = ended + max(FRAME_MS / 1000, ended - started)

    def close(self) -> None:
        """Hand over the rest and stop listening."""
        self._unsubscribe()
        self._timer.stop()
        self.flush()

    def _on_event(self, event: RunEvent) -> None:
        self._waiting.append(event)
        if not self._timer.isActive():
            pause_ms = (self._pause_until - time.monotonic()) * 1000
            self._timer.start(max(0, round(pause_ms)))
