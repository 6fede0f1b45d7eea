"""Timers that live as long as the object they belong to, and turns for objects with much to do."""

import time
from abc import abstractmethod
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from shiboken6 import isValid

UNSEEN_MS = 400
"""How long an object that nobody looks at waits between two turns."""
_SLICE_MS = 2
"""How long objects may work before the window gets its turn to paint and to take keys."""
_NAME = "turns"


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


class TakesTurns(Protocol):
    """A Qt object that does its work in pieces."""

    due: float
    """When its next turn may come, by the monotonic clock."""

    @abstractmethod
    def take_turn(self) -> bool:
        """Do a piece of the work; whether some is left."""


class SharedTurns(QObject):
    """Gives turns to objects with work to do, one after the other, and to the window in between."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName(_NAME)
        self._asking: dict[TakesTurns, None] = {}
        self._timer = delay(self, 0, self._on_time)

    def ask(self, one: TakesTurns) -> None:
        """Give `one` turns until its work is done."""
        self._asking[one] = None
        self._wait_for(one.due)

    def leave(self, one: TakesTurns) -> None:
        """Give `one` no more turns."""
        self._asking.pop(one, None)

    def _on_time(self) -> None:
        begun = time.monotonic()
        try:
            for one in sorted((each for each in self._asking if each.due <= begun), key=lambda each: each.due):
                del self._asking[one]
                if isValid(one) and one.take_turn():
                    self._asking[one] = None
                if time.monotonic() - begun > _SLICE_MS / 1000:
                    break
        finally:
            if self._asking:
                next_due = min(each.due for each in self._asking)
                self._wait_for(max(next_due, time.monotonic() + _SLICE_MS / 1000))

    def _wait_for(self, due: float) -> None:
        wait_ms = max(0, round((due - time.monotonic()) * 1000))
        if not self._timer.isActive() or self._timer.remainingTime() > wait_ms:
            self._timer.start(wait_ms)


def turns_of_this_application() -> SharedTurns:
    """The instance that all share."""
    app = QCoreApplication.instance()
    assert app is not None
    found = app.findChild(SharedTurns, _NAME)
    return found if found is not None else SharedTurns(app)
