"""The ordered events of one run. Append-only; listeners get each event once, in order of subscription."""

import logging
from collections.abc import Callable, Iterator

from workbench.core.event import RunEvent

Listener = Callable[[RunEvent], None]

_log = logging.getLogger(__name__)


class EventLog:
    """The log of one run, live or loaded."""

    def __init__(self, events: "list[RunEvent] | tuple[RunEvent, ...]" = ()) -> None:
        self._events: list[RunEvent] = list(events)
        self._listeners: list[Listener] = []

    def append(self, event: RunEvent) -> None:
        """Add a fact and notify the listeners. A listener that fails is reported and skipped."""
        self._events.append(event)
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:  # noqa: BLE001 — door: a broken view must not stop the run or hide the fact from the others
                _log.exception("A listener failed on event %s", event.seq)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Listen to every later event; call the returned function to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def mute(self) -> None:
        """Notify nobody anymore. For a run that is set aside as it is: what its end would add never happened."""
        self._listeners.clear()

    @property
    def last_seq(self) -> int:
        """The number of the newest event, 0 when there is none."""
        return self._events[-1].seq if self._events else 0

    def since(self, seq: int) -> "list[RunEvent]":
        """The events with a number above `seq`. Numbers have no gaps, so nothing before them is looked at."""
        first = self._events[0].seq if self._events else 1
        return self._events[max(0, seq + 1 - first) :]

    def __iter__(self) -> Iterator[RunEvent]:
        return iter(tuple(self._events))

    def __len__(self) -> int:
        return len(self._events)
