"""The one writer of the run database: a thread that writes events for its callers.

Approvals, claims and results are committed at once and with a full sync, and everything before them; other facts wait
for each other for 2 ms, streamed pieces, which have waited for
each other before, for up to 15 ms.
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from weakref import WeakKeyDictionary

from workbench.core.errors import StoreError
from workbench.core.event import CRITICAL, RunEvent, ToolStarted, decode_event, encode_event, is_durable
from workbench.store.conversion import convert_next, give_back_space, is_converted
from workbench.store.event_writer import EventWriter
from workbench.store.migrations import migrate
from workbench.store.piece_redaction import PieceRedactor
from workbench.store.redaction import Redactor
from workbench.store.run_summary import summarize

BATCH_WAIT_S = 0.015
FACT_WAIT_S = 0.002
"""Facts come in groups. Those about effects in the world, and work, wait for nothing."""
_URGENT = tuple(kind for kind in CRITICAL if kind is not ToolStarted)
"""The claim before a start is on the disk and says as much, so the start may wait for the result."""
BATCH_EVENTS = 1000
"""A stream that never pauses is written all the same."""
CONVERSION_WAIT_S = 0.02
"""An old history is converted run by run while nothing else was to be written for so long."""

Work = Callable[[sqlite3.Connection], object]


def nothing(connection: sqlite3.Connection) -> None:
    """`Work` of those who only want to hear that all before it is committed."""


class _LoopAnswer:
    """Does for an asyncio future what `Future` does for a thread that waits. A loop is woken once for all the answers
    that come together: to wake it takes longer than to answer."""

    def __init__(self, loop: asyncio.AbstractEventLoop, answers: "deque[Callable[[], None]]") -> None:
        self.future: asyncio.Future[object] = loop.create_future()
        self._loop = loop
        self._answers = answers
        self._is_running = False

    def set_running_or_notify_cancel(self) -> bool:
        self._is_running = not self.future.cancelled()
        return self._is_running

    def running(self) -> bool:
        return self._is_running

    def set_result(self, result: object) -> None:
        self._answer(partial(self.future.set_result, result))

    def set_exception(self, error: Exception) -> None:
        self._answer(partial(self.future.set_exception, error))

    def _answer(self, answer: Callable[[], None]) -> None:
        self._answers.append(lambda: None if self.future.done() else answer())
        if len(self._answers) == 1:
            with suppress(RuntimeError):  # the loop is closed, and nobody waits anymore
                self._loop.call_soon_threadsafe(_hand_out, self._answers)


def _hand_out(answers: "deque[Callable[[], None]]") -> None:
    while answers:
        answers.popleft()()


_Item = RunEvent | tuple[Work, Future[object] | _LoopAnswer]


class Writer:
    """Owns the writing connection. Every method may be called from any thread and returns at once.

    A failing disk loses nothing while the program lives: events that could not be written are kept and
    tried again with the next batch, and `failure` says what is wrong.
    """

    def __init__(self, path: Path, redactor: Redactor, owner: str) -> None:
        """Open and migrate the database; raises `StoreError`."""
        self._path = path
        self._redactor = redactor
        self._pieces = PieceRedactor(redactor)
        self._events = EventWriter(redactor)
        self._is_converted = True
        self._owner = owner
        self.failure: str = ""
        self._mode = ""
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._wakes: Callable[[RunEvent], bool] | None = None
        """What is worth waking the waiting writer for, while it waits: that costs more than writing an event."""
        self._woken: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._unwritten: list[RunEvent] = []
        self._answers: WeakKeyDictionary[asyncio.AbstractEventLoop, deque[Callable[[], None]]] = WeakKeyDictionary()
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._work, args=(ready,), name="run store", daemon=True)
        self._closing = threading.Lock()
        self._is_closed = False
        self._thread.start()
        ready.result()

    def append(self, event: RunEvent) -> None:
        """Write `event`, soon."""
        self._queue.put(event)
        if (wakes := self._wakes) is not None and wakes(event):
            self._wake()

    def submit(self, work: Work) -> "Future[object]":
        """Do `work` after everything appended so far, and commit both; if it fails, nothing of it is kept. Work whose
        future is cancelled before it begins is not done."""
        done: Future[object] = Future()
        try:
            self._put(work, done)
        except StoreError as error:
            done.set_exception(error)
        return done

    def ask(self, work: Work) -> "asyncio.Future[object]":
        """`submit` for who waits in an event loop. Raises `StoreError` once the history is closed: answers come from
        the writer alone."""
        loop = asyncio.get_running_loop()
        done = _LoopAnswer(loop, self._answers.setdefault(loop, deque()))
        self._put(work, done)
        return done.future

    def _put(self, work: Work, done: "Future[object] | _LoopAnswer") -> None:
        with self._closing:
            if self._is_closed:
                raise _trouble(self._path, "the history is closed")
            self._queue.put((work, done))
            self._wake()

    def flush(self, timeout_s: float = 10.0) -> None:
        """Wait until everything appended so far is committed; raises `StoreError` when it cannot be."""
        try:
            self.submit(nothing).result(timeout_s)
        except TimeoutError:
            raise _trouble(self._path, f"nothing was written for {timeout_s:g} s") from None

    def close(self) -> None:
        """Write what is left and close the file. Later requests fail at once."""
        with self._closing:
            self._is_closed = True
            self._queue.put(None)
            self._wake()
        self._thread.join(timeout=10)

    def _wake(self) -> None:
        if self._wakes is not None:
            self._wakes = None
            self._woken.put(None)

    def _work(self, ready: "Future[None]") -> None:
        try:
            connection = _connect(self._path)
            self._is_converted = is_converted(connection)
        except (sqlite3.Error, OSError, StoreError) as error:
            failure = error if isinstance(error, StoreError) else _trouble(self._path, error)
            ready.set_exception(failure)
            return
        ready.set_result(None)
        try:
            while self._take_batch(connection):
                pass
        finally:
            connection.close()

    def _take_batch(self, connection: sqlite3.Connection) -> bool:
        """Write what waits. False when the writer should end."""
        item = self._next(connection)
        deadline = time.monotonic() + BATCH_WAIT_S
        is_last = False
        has_only_pieces = True
        items: list[_Item] = []
        while True:
            if item is None:
                is_last = True
                items += self._pieces.rest()
                break
            items += [item] if isinstance(item, tuple) else self._pieces.take(item)
            if isinstance(item, (tuple, _URGENT)):
                deadline = 0.0
            elif is_durable(item):
                deadline = min(deadline, time.monotonic() + FACT_WAIT_S)
                has_only_pieces = False
            if len(items) + len(self._unwritten) >= BATCH_EVENTS:
                break
            try:
                item = self._until(deadline, is_durable if has_only_pieces else _is_urgent)
            except queue.Empty:
                break
        self._write(connection, items, is_last=is_last)
        return not is_last

    def _until(self, deadline: float, wakes: Callable[[RunEvent], bool]) -> _Item | None:
        """What comes next; raises `queue.Empty` when nothing has come by then. What is not worth waking for is found
        when the wait is over."""
        try:
            while True:
                with suppress(queue.Empty):
                    return self._queue.get_nowait()
                if (wait_s := deadline - time.monotonic()) <= 0:
                    raise queue.Empty
                self._wakes = wakes
                if self._queue.empty():  # nothing came before that was known
                    with suppress(queue.Empty):
                        self._woken.get(timeout=wait_s)
        finally:
            self._wakes = None

    def _next(self, connection: sqlite3.Connection) -> _Item | None:
        """The first that is to be written. Conversion of an old history happens only while waiting for it."""
        while not self._is_converted:
            try:
                return self._queue.get(timeout=CONVERSION_WAIT_S)
            except queue.Empty:
                self._is_converted = not self._convert(connection)
        return self._queue.get()

    def _convert(self, connection: sqlite3.Connection) -> bool:
        """Convert one more run; False when nothing is left, or when it fails: then it waits for the next start."""
        done: Future[object] = Future()
        self._write(connection, [(self.convert_next, done)], is_last=False)
        if done.exception() is not None:
            return False
        if done.result():
            return True
        with suppress(sqlite3.Error):  # another program is working on the same history
            give_back_space(connection)
        return False

    def convert_next(self, connection: sqlite3.Connection) -> bool:
        """`Work`: convert one more run of an old history. Whether more is left."""
        convert_next(connection, self._events, self._redactor)
        return not is_converted(connection)

    def _write(self, connection: sqlite3.Connection, items: list[_Item], *, is_last: bool) -> None:
        """All of it in one transaction: what many runs write at the same time reaches the disk together.

        Work is done in a savepoint of its own, where it is in the order of things, and hears that it was done only
        after the commit.
        """
        waiting = list(self._unwritten)
        if not waiting and not self.failure and all(isinstance(one, tuple) and one[0] is nothing for one in items):
            for item in items:  # all before them is committed
                if isinstance(item, tuple) and item[1].set_running_or_notify_cancel():
                    item[1].set_result(None)
            return
        done: list[tuple[Future[object] | _LoopAnswer, object, Exception | None]] = []
        try:
            is_critical = is_last or any(isinstance(item, (tuple, CRITICAL)) for item in (*waiting, *items))
            self._sync(connection, "FULL" if is_critical else "NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            for item in items:
                if not isinstance(item, tuple):
                    waiting.append(item)
                elif item[1].set_running_or_notify_cancel():  # from here on it cannot be withdrawn
                    self._insert(connection, waiting)
                    waiting.clear()
                    done.append((item[1], *self._carry_out(connection, item[0])))
            self._insert(connection, waiting)
            connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 — door: without a writer nothing could be recorded, so nothing run
            self._events.forget()
            _roll_back(connection)
            self._fail(items, error)
            return
        self._unwritten.clear()
        self.failure = ""
        for future, result, error_of_work in done:
            if error_of_work is None:
                future.set_result(result)
                continue
            if isinstance(error_of_work, sqlite3.Error):
                self.failure = str(error_of_work)
                error_of_work = _trouble(self._path, error_of_work)
            future.set_exception(error_of_work)

    def _fail(self, items: list[_Item], error: Exception) -> None:
        """Nothing reached the disk: events are kept for the next time, work is not done."""
        self.failure = str(error) or type(error).__name__
        for item in items:
            if not isinstance(item, tuple):
                self._unwritten.append(item)
            elif item[1].running() or item[1].set_running_or_notify_cancel():
                item[1].set_exception(_trouble(self._path, error))

    def _carry_out(self, connection: sqlite3.Connection, work: Work) -> tuple[object, Exception | None]:
        """The result of the work; what a failure did is undone, and nothing else."""
        if work is nothing:
            return None, None
        connection.execute("SAVEPOINT work")
        try:
            result = work(connection)
        except Exception as error:  # door: the writer must survive any work it is given
            self._events.forget()
            if not connection.in_transaction:  # SQLite has given up all of it
                raise sqlite3.OperationalError(str(error)) from error
            connection.execute("ROLLBACK TO work")
            connection.execute("RELEASE work")
            return None, error
        connection.execute("RELEASE work")
        return result, None

    def _insert(self, connection: sqlite3.Connection, events: list[RunEvent]) -> None:
        if not events:
            return
        self._events.insert(connection, events)
        for event in events:
            try:
                summarize(connection, event, self._owner, self._redactor)
            except UnicodeEncodeError:  # half of a surrogate pair: as the event is stored, without it
                summarize(connection, decode_event(encode_event(event)), self._owner, self._redactor)

    def _sync(self, connection: sqlite3.Connection, mode: str) -> None:
        """Set how safely commits reach the disk; asking SQLite costs as much as writing a few events."""
        if mode != self._mode:
            connection.execute(f"PRAGMA synchronous = {mode}")
            self._mode = mode


def _is_urgent(event: RunEvent) -> bool:
    return isinstance(event, _URGENT)


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=10, isolation_level=None)
    try:
        path.chmod(0o600)
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # counts for a new file, and before anything is in it
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA trusted_schema = OFF")
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _trouble(path: Path, error: object) -> StoreError:
    return StoreError(
        f"the run history cannot be saved: {error}",
        where=str(path),
        hint="Free some space or make the folder writable; what happened so far is kept in memory.",
    )
