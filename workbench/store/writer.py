"""The one writer of the run database: a thread that takes events off the caller's hands.

Calls, approvals and results are committed at once and with a full sync; deltas are batched for up to 50 ms.
"""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from workbench.core.errors import StoreError
from workbench.core.event import (
    CRITICAL,
    RunEvent,
    RunFinished,
    RunStarted,
    ToolCallProposed,
    TurnStarted,
    encode_event,
    is_durable,
    kind_of,
)
from workbench.store.approvals import record_approval
from workbench.store.migrations import migrate
from workbench.store.redaction import Redactor

BATCH_WAIT_S = 0.05
BATCH_EVENTS = 1000
"""A stream that never pauses is written all the same."""
TITLE_CHARS = 120

Work = Callable[[sqlite3.Connection], object]


class Writer:
    """Owns the writing connection. Every method may be called from any thread and returns at once.

    A failing disk loses nothing while the program lives: events that could not be written are kept and
    tried again with the next batch, and `failure` says what is wrong.
    """

    def __init__(self, path: Path, redactor: Redactor, owner: str) -> None:
        """Open and migrate the database; raises `StoreError`."""
        self._path = path
        self._redactor = redactor
        self._owner = owner
        self.failure: str = ""
        self._mode = ""
        self._queue: queue.SimpleQueue[RunEvent | tuple[Work, Future[object]] | None] = queue.SimpleQueue()
        self._unwritten: list[RunEvent] = []
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._work, args=(ready,), name="run store", daemon=True)
        self._thread.start()
        ready.result()

    def append(self, event: RunEvent) -> None:
        """Write `event`, soon."""
        self._queue.put(event)

    def submit(self, work: Work) -> "Future[object]":
        """Do `work` in a transaction of its own, after everything appended so far is committed. Work whose future is
        cancelled before it begins is not done."""
        done: Future[object] = Future()
        self._queue.put((work, done))
        return done

    def flush(self, timeout_s: float = 10.0) -> None:
        """Wait until everything appended so far is committed; raises `StoreError` when it cannot be."""
        try:
            self.submit(lambda connection: None).result(timeout_s)
        except TimeoutError:
            raise _trouble(self._path, f"nothing was written for {timeout_s:g} s") from None

    def close(self) -> None:
        """Write what is left and let go of the file."""
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _work(self, ready: "Future[None]") -> None:
        try:
            connection = _connect(self._path)
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
        """Write what waits. False when the writer is to end."""
        item = self._queue.get()
        deadline = time.monotonic() + BATCH_WAIT_S
        is_urgent = False
        while True:
            if item is None:
                self._write(connection, is_critical=True)
                return False
            if isinstance(item, tuple):
                self._run(connection, *item)
                is_urgent = True
            else:
                self._unwritten.append(item)
                is_urgent = is_urgent or is_durable(item)
            if len(self._unwritten) >= BATCH_EVENTS:
                break
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                wait_s = 0.0 if is_urgent else deadline - time.monotonic()
                if wait_s <= 0:
                    break
                try:
                    item = self._queue.get(timeout=wait_s)
                except queue.Empty:
                    break
        self._write(connection, is_critical=any(isinstance(event, CRITICAL) for event in self._unwritten))
        return True

    def _run(self, connection: sqlite3.Connection, work: Work, done: "Future[object]") -> None:
        if not done.set_running_or_notify_cancel():
            return  # whoever wanted it has gone, so it is not done at all; from here on it cannot be withdrawn
        if not self._write(connection, is_critical=True):
            done.set_exception(_trouble(self._path, self.failure))
            return
        try:
            self._sync(connection, "FULL")
            connection.execute("BEGIN IMMEDIATE")
            result = work(connection)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            _roll_back(connection)
            self.failure = str(error)
            done.set_exception(_trouble(self._path, error))
        except Exception as error:  # noqa: BLE001 — door: the writer outlives whatever it is asked to do
            _roll_back(connection)
            done.set_exception(error)
        else:
            done.set_result(result)

    def _write(self, connection: sqlite3.Connection, *, is_critical: bool) -> bool:
        if not self._unwritten:
            return True
        try:
            self._sync(connection, "FULL" if is_critical else "NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?)", [self._row(event) for event in self._unwritten]
            )
            for event in filter(is_durable, self._unwritten):
                _summarize(connection, event, self._owner, self._redactor)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            _roll_back(connection)
            self.failure = str(error)
            return False
        self._unwritten.clear()
        self.failure = ""
        return True

    def _sync(self, connection: sqlite3.Connection, mode: str) -> None:
        """Set how surely commits reach the disk; asking SQLite costs as much as writing a few events."""
        if mode != self._mode:
            connection.execute(f"PRAGMA synchronous = {mode}")
            self._mode = mode

    def _row(self, event: RunEvent) -> tuple[str, int, str, float, bytes]:
        return event.run_id, event.seq, kind_of(event), event.at, self._redactor.line(encode_event(event))


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=10, isolation_level=None)
    try:
        path.chmod(0o600)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA trusted_schema = OFF")
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _summarize(connection: sqlite3.Connection, event: RunEvent, owner: str, redactor: Redactor) -> None:
    """Keep the row of the run true, so that listing runs reads no events."""
    match event:
        case RunStarted():
            connection.execute(
                "INSERT OR IGNORE INTO runs"
                " (run_id, started_at, provider, model, conversation, parent_run, fork_seq, owner)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    event.run_id,
                    event.at,
                    event.provider,
                    event.model,
                    event.conversation,
                    event.parent_run,
                    event.fork_seq,
                    owner,
                ),
            )
        case TurnStarted():
            title = redactor.text(" ".join(event.message.text.split()))[:TITLE_CHARS]
            connection.execute("UPDATE runs SET title = ? WHERE run_id = ? AND title = ''", (title, event.run_id))
        case ToolCallProposed():
            connection.execute("UPDATE runs SET calls = calls + 1 WHERE run_id = ?", (event.run_id,))
        case RunFinished():
            connection.execute(
                "UPDATE runs SET outcome = ?, ended_by = ?, finished_at = ?, owner = NULL WHERE run_id = ?",
                (event.outcome, event.ended_by, event.at, event.run_id),
            )
        case _:
            record_approval(connection, event)


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _trouble(path: Path, error: object) -> StoreError:
    return StoreError(
        f"the run history cannot be written: {error}",
        where=str(path),
        mend="Free some space or make the folder writable; what happened so far is kept in memory.",
    )
