"""Work that can wait until the window has been painted."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

_AFTER_PAINT_MS = 40


class AfterPaint(QObject):
    """Calls once, a moment after the window appeared on the screen."""

    def __init__(self, window: QWidget, act: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._act = act
        self._is_off = False
        if window.isVisible():
            self._soon()
        else:
            window.installEventFilter(self)

    def stop(self) -> None:
        """Cancel it: the window closes."""
        self._is_off = True

    def _soon(self) -> None:
        QTimer.singleShot(_AFTER_PAINT_MS, self._window, self._begin)

    def _begin(self) -> None:
        if not self._is_off:
            self._act()

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._window.removeEventFilter(self)
            self._soon()
        return False
