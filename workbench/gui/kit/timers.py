"""Timers that live as long as the object they belong to."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def ticker(owner: QObject, interval_ms: int, act: Callable[[], object]) -> QTimer:
    """Calls `act` again and again while it is started."""
    timer = QTimer(owner)
    timer.setInterval(interval_ms)
    timer.timeout.connect(act)
    return timer


def delay(owner: QObject, interval_ms: int, act: Callable[[], object]) -> QTimer:
    """Calls `act` once, `interval_ms` after it was started last."""
    timer = ticker(owner, interval_ms, act)
    timer.setSingleShot(True)
    return timer
