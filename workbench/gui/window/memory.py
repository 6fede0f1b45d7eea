"""When Python looks for garbage: never while something moves on the screen, if it can be helped."""

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_LOOK_MS = 2_000
_THRESHOLDS = (10_000, 20, 1_000)
"""Small collections seldom enough to take a millisecond; full ones, which take several frames, practically never."""


class Memory(QObject):
    """Collects when something has happened and nothing is going on any more.

    What survives a collection is left alone afterwards, so that the next one is short; all of it is looked through only
    when the person is in another program.
    """

    def __init__(self, is_busy: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_busy = is_busy
        self._was_busy = False
        self._is_stale = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def settle(self) -> None:
        """What is there now stays; from here on, collect at quiet moments."""
        gc.enable()
        gc.set_threshold(*_THRESHOLDS)
        gc.freeze()
        self._timer.start(_LOOK_MS)

    def _look(self) -> None:
        was_busy, self._was_busy = self._was_busy, self._is_busy()
        if self._was_busy:
            return
        if was_busy:
            gc.collect()
            gc.freeze()
            self._is_stale = True
        elif self._is_stale and QGuiApplication.applicationState() != Qt.ApplicationState.ApplicationActive:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            self._is_stale = False
