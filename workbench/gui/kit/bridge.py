"""The one door from the event log to the view-models: batches, at most 30 a second, never much work at once."""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject
from shiboken6 import isValid

from workbench.core.event import ResponseDelta, RunEvent
from workbench.core.log import EventLog
from workbench.gui.kit.timers import delay

FRAME_MS = 33
"""Between two batches. When a batch took long, the next one waits as long again, so that input gets through."""
UNSEEN_MS = 400
"""The same for streamed pieces that nobody looks at."""
SLICE_MS = 2
"""After so much work the window gets its turn: it paints, and takes keys."""
_FACTS = 8
"""How many facts besides streamed pieces are handed over together; each may become a widget."""


class LogBridge(QObject):
    """Follows one log until it is closed."""

    def __init__(
        self,
        log: EventLog,
        take: Callable[[list[RunEvent]], None],
        parent: QObject | None = None,
        *,
        is_seen: Callable[[], bool] = lambda: True,
    ) -> None:
        """`take` is called on the window's thread with every event of `log`, old and new, in order.

        Streamed pieces of what is not seen may arrive later.
        """
        super().__init__(parent)
        self._take = take
        self._is_seen = is_seen
        self._waiting: list[RunEvent] = list(log)
        self._turns = _turns_of_this_application()
        self._has_asked = False
        self._unsubscribe = log.subscribe(self._on_event)
        self.due = 0.0
        """When the next batch may be handed over, by the monotonic clock."""
        self._facts_due = 0.0
        self.flush()

    def flush(self) -> None:
        """Hand over what waits, now."""
        while self._waiting:
            self.hand_over()

    def hand_over(self) -> bool:
        """Hand over a part of what waits; whether something is left."""
        batch = self._waiting
        if not batch:
            self._has_asked = False
            return False
        size = _size_of_part(batch)
        self._waiting = batch[size:]
        started = time.monotonic()
        try:
            self._take(batch[:size] if self._waiting else batch)
        finally:
            ended = time.monotonic()
            self._facts_due = ended if self._waiting else ended + max(FRAME_MS / 1000, ended - started)
            is_late = not self._waiting and not self._is_seen()
            self.due = ended + UNSEEN_MS / 1000 if is_late else self._facts_due
            self._has_asked = bool(self._waiting)
        return self._has_asked

    def close(self) -> None:
        """Hand over the rest and stop listening."""
        self._unsubscribe()
        self._turns.leave(self)
        self.flush()

    def _on_event(self, event: RunEvent) -> None:
        self._waiting.append(event)
        if self.due > self._facts_due and not isinstance(event, ResponseDelta):
            self.due = self._facts_due
            self._has_asked = False
        if not self._has_asked:
            self._has_asked = True
            self._turns.ask(self)


class _Turns(QObject):
    """The bridges that have something to hand over: one after the other, so that no frame does the work of all."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName(_NAME)
        self._bridges: dict[LogBridge, None] = {}
        self._timer = delay(self, 0, self._on_time)

    def ask(self, bridge: LogBridge) -> None:
        """`bridge` has something."""
        self._bridges[bridge] = None
        self._wait_for(bridge.due)

    def leave(self, bridge: LogBridge) -> None:
        """`bridge` closes."""
        self._bridges.pop(bridge, None)

    def _on_time(self) -> None:
        begun = time.monotonic()
        try:
            for bridge in sorted((each for each in self._bridges if each.due <= begun), key=lambda each: each.due):
                del self._bridges[bridge]
                if isValid(bridge) and bridge.hand_over():
                    self._bridges[bridge] = None
                if time.monotonic() - begun > SLICE_MS / 1000:
                    break
        finally:
            if self._bridges:
                next_due = min(bridge.due for bridge in self._bridges)
                self._wait_for(max(next_due, time.monotonic() + SLICE_MS / 1000))

    def _wait_for(self, due: float) -> None:
        wait_ms = max(0, round((due - time.monotonic()) * 1000))
        if not self._timer.isActive() or self._timer.remainingTime() > wait_ms:
            self._timer.start(wait_ms)


_NAME = "turns of the bridges"


def _turns_of_this_application() -> _Turns:
    app = QCoreApplication.instance()
    assert app is not None
    found = app.findChild(_Turns, _NAME)
    return found if found is not None else _Turns(app)


def _size_of_part(events: list[RunEvent]) -> int:
    """How many of them are handed over together: any number of streamed pieces, and a few facts."""
    facts = 0
    for place, event in enumerate(events):
        if not isinstance(event, ResponseDelta):
            facts += 1
            if facts > _FACTS:
                return place
    return len(events)
