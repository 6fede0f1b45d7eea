"""The one path from the event log to the view-models: batches, at most 30 a second, never much work at once."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject

from workbench.core.event import ResponseDelta, RunEvent
from workbench.core.log import EventLog
from workbench.gui.kit.timers import UNSEEN_MS, turns_of_this_application

FRAME_MS = 33
"""The time between two batches. After a slow batch, the next one waits just as long, so that input gets through."""
_FACTS = 8
"""How many events besides streamed pieces are delivered together; each may become a widget."""


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

        Streamed pieces of hidden views may arrive later.
        """
        super().__init__(parent)
        self._take = take
        self._is_seen = is_seen
        self._waiting: list[RunEvent] = list(log)
        self._turns = turns_of_this_application()
        self._has_asked = False
        self._unsubscribe = log.subscribe(self._on_event)
        self.due = 0.0
        """When the next batch may be delivered, by the monotonic clock."""
        self._facts_due = 0.0
        self.flush()

    def flush(self, is_enough: Callable[[], bool] = lambda: False) -> None:
        """Deliver waiting events now, until `is_enough`."""
        while self._waiting and not is_enough():
            self.take_turn()

    def take_turn(self) -> bool:
        """Deliver some of the waiting events; return whether any are left."""
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
        """Deliver the rest and stop listening."""
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


def _size_of_part(events: list[RunEvent]) -> int:
    """How many of them are delivered together: any number of streamed pieces, and a few other events."""
    facts = 0
    for place, event in enumerate(events):
        if not isinstance(event, ResponseDelta):
            facts += 1
            if facts > _FACTS:
                return place
    return len(events)
