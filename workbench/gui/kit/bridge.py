"""The one door from the event log to the view-models: batches, at most 30 a second, never much work at once."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject

from workbench.core.event import ResponseDelta, RunEvent
from workbench.core.log import EventLog
from workbench.gui.kit.timers import UNSEEN_MS, turns_of_this_application

FRAME_MS = 33
"""Between two batches. When a batch took long, the next one waits as long again, so that input gets through."""
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
        self._turns = turns_of_this_application()
        self._has_asked = False
        self._unsubscribe = log.subscribe(self._on_event)
        self.due = 0.0
        """When the next batch may be handed over, by the monotonic clock."""
        self._facts_due = 0.0
        self.flush()

    def flush(self, is_enough: Callable[[], bool] = lambda: False) -> None:
        """Hand over what waits, now, until it is enough."""
        while self._waiting and not is_enough():
            self.take_turn()

    def take_turn(self) -> bool:
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


def _size_of_part(events: list[RunEvent]) -> int:
    """How many of them are handed over together: any number of streamed pieces, and a few facts."""
    facts = 0
    for place, event in enumerate(events):
        if not isinstance(event, ResponseDelta):
            facts += 1
            if facts > _FACTS:
                return place
    return len(events)
