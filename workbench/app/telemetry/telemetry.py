"""Sends runs as they end, on a thread of its own. The log is the source of truth: undelivered runs wait, are then
dropped, and can be sent from the history at any time."""

import queue
import threading
import time
from collections.abc import Callable, Sequence

import msgspec

from workbench.app.models.wires import telemetry_name
from workbench.app.telemetry.destination import Destination, TelemetryError
from workbench.core.errors import WorkbenchError
from workbench.core.event import RunEvent
from workbench.core.ids import RunId
from workbench.core.suite.trial import SuiteRun, Trial
from workbench.core.telemetry.run_spans import run_spans
from workbench.core.telemetry.span import LogRecord, Span
from workbench.core.telemetry.verdicts import verdicts_of

BATCH = 64
"""Runs in one delivery."""
GATHER_S = 0.25
"""How long runs wait for others that end soon after: one delivery of many costs less."""
MOST_WAITING = 10_000
"""Runs and trials that wait while a collector is down; beyond that the oldest are dropped."""
RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0)
CLOSING_S = 3.0
"""How long the program waits at its end for open deliveries."""

ReadRun = Callable[[str], Sequence[RunEvent]]


class _EndedRun(msgspec.Struct, frozen=True):
    """`events` are all its events; None: they are read from the history."""

    run_id: RunId
    events: Sequence[RunEvent] | None = None


_Item = _EndedRun | tuple[Trial, SuiteRun]


class TelemetryState(msgspec.Struct, frozen=True):
    """The current state. `problem` is empty while deliveries succeed."""

    title: str
    delivered: int = 0
    left_out: int = 0
    problem: str = ""


class Telemetry:
    """Delivers to one destination. Every method but `close` returns at once and may be called from any thread."""

    def __init__(self, destination: Destination, read: ReadRun, *, with_content: bool = False) -> None:
        """`read` gives the recorded events of a run, without keys."""
        self._destination = destination
        self._read = read
        self._with_content = with_content
        self._items: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._is_closing = threading.Event()
        self.state = TelemetryState(destination.title)
        self._thread = threading.Thread(target=self._work, name="telemetry", daemon=True)
        self._thread.start()

    def take_run(self, run_id: RunId, events: Sequence[RunEvent] | None = None) -> None:
        """Send this run. `events`, if at hand, save reading them."""
        self._items.put(_EndedRun(run_id, events))

    def take_verdicts(self, trial: Trial, run: SuiteRun) -> None:
        """Send a suite's verdict on a trial."""
        self._items.put((trial, run))

    def close(self, wait_s: float = CLOSING_S) -> TelemetryState:
        """Deliver what is waiting, for at most this long, and end. Returns how it went."""
        self._is_closing.set()
        self._items.put(None)
        self._thread.join(wait_s)
        return self.state

    def _work(self) -> None:
        waiting: list[_Item] = []
        tries = 0
        while True:
            more = self._next(waiting, 0.0 if tries == 0 else RETRY_S[min(tries, len(RETRY_S)) - 1])
            if more and tries == 0:
                self._is_closing.wait(GATHER_S)
                more = self._take_rest(waiting)
            if len(waiting) > MOST_WAITING:
                self._count(left_out=len(waiting) - MOST_WAITING)
                del waiting[:-MOST_WAITING]
            while waiting:
                try:
                    self._deliver(waiting[:BATCH])
                except Exception as error:  # noqa: BLE001 — door: what is odd about one run keeps no other from being sent
                    tries += 1
                    self.state = msgspec.structs.replace(self.state, problem=str(error))
                    waiting[:] = [_EndedRun(item.run_id) if isinstance(item, _EndedRun) else item for item in waiting]
                    if isinstance(error, TelemetryError) and error.may_pass and more:
                        break
                    self._count(left_out=len(waiting[:BATCH]))
                else:
                    tries = 0
                    self._count(delivered=len(waiting[:BATCH]))
                del waiting[:BATCH]
            if not more:
                self._destination.close()
                return

    def _next(self, waiting: list[_Item], pause_s: float) -> bool:
        """Wait for something to do, or for the time to try again; False when it is to end."""
        until = time.monotonic() + pause_s
        while True:
            left = max(0.0, until - time.monotonic())
            try:
                # After a failure, new runs join those that wait, and nothing is sent before the next retry.
                item = self._items.get(timeout=left) if waiting else self._items.get()
            except queue.Empty:
                return True
            if item is None:
                return False
            waiting.append(item)
            if pause_s == 0.0 and self._items.empty():
                return True

    def _take_rest(self, waiting: list[_Item]) -> bool:
        """Take what has arrived meanwhile; False when it is to end."""
        while not self._items.empty():
            item = self._items.get()
            if item is None:
                return False
            waiting.append(item)
        return True

    def _deliver(self, items: Sequence[_Item]) -> None:
        spans: list[Span] = []
        records: list[LogRecord] = []
        for item in items:
            if isinstance(item, tuple):
                records += verdicts_of(*item)
                continue
            try:
                events = self._read(item.run_id) if item.events is None else item.events
            except WorkbenchError:  # deleted meanwhile, or never stored
                continue
            spans += run_spans(events, telemetry_name, with_content=self._with_content)
        self._destination.put(spans, records)

    def _count(self, *, delivered: int = 0, left_out: int = 0) -> None:
        state = self.state
        self.state = msgspec.structs.replace(
            state,
            delivered=state.delivered + delivered,
            left_out=state.left_out + left_out,
            problem="" if delivered else state.problem,
        )
