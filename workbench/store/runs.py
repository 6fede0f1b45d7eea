"""Stored runs: SQLite in WAL mode in the project's folder, one row per event, safe after a crash."""

import re
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from filelock import FileLock, Timeout

from workbench.core.approval import Approval
from workbench.core.errors import StoreError
from workbench.core.event import RunEvent, ToolCallSettled
from workbench.core.ids import RunId
from workbench.core.log import EventLog
from workbench.core.run_row import RunRow
from workbench.core.trace import fold
from workbench.engine.ports import Claim
from workbench.engine.results import error_text
from workbench.store.approvals import claim
from workbench.store.event_reader import EventDamaged, EventReader
from workbench.store.grants import GrantStore
from workbench.store.redaction import Redactor
from workbench.store.removal import remove_deleted, remove_run
from workbench.store.run_summary import change_run
from workbench.store.run_table import RunChanges, RunTable
from workbench.store.writer import Writer, nothing

KEPT_DELETED_S = 3600.0
"""How long a deleted run can be restored."""
_OWNER = re.compile("[0-9a-f]{32}")
"""An untrusted database may hold anything; its owners become file names."""


class RunStore:
    """The run history of one project. Implements the engine's `Gate`."""

    def __init__(self, folder: Path, redactor: Redactor, *, seal_file: Path | None = None) -> None:
        """Open `folder`/runs.sqlite. A folder that cannot be written gets a history that ends with the program;
        `notice` then says so. `seal_file` is this user's secret, see `store.grants`. Raises `StoreError` for a
        damaged or newer database."""
        self.notice = ""
        self.beside: Callable[[], RunStore | None] = lambda: None
        """Another history in which runs are looked for that are not in this one, such as the trials of suites."""
        self._owner = uuid.uuid4().hex
        folder = folder.absolute()  # an address of the file needs it
        self.folder = _writable(folder)
        if self.folder != folder:
            self.notice = f"{folder} cannot be written: runs of this session are not kept."
        self.path = self.folder / "runs.sqlite"
        _ignore_in_git(self.folder)
        self._lock = FileLock(
            self._lock_path(self._owner), thread_local=False
        )  # opened in one thread, closed in another
        self._lock.acquire()
        self._writer = Writer(self.path, redactor, self._owner)
        self._reader = sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=10)
        self._reader.execute("PRAGMA trusted_schema = OFF")
        self._events = EventReader(self._read)
        self._table = RunTable(self._read, self._is_alive)
        self.grants = GrantStore(self._writer, self._read, redactor, seal_file)
        self._remove_deleted()

    @property
    def failure(self) -> str:
        """What is wrong with the disk at the moment; empty when nothing is."""
        return self._writer.failure

    def follow(self, log: EventLog) -> None:
        """Write every event appended to `log` from now on."""
        log.subscribe(self._writer.append)

    async def claim(self, run_id: RunId, approval: Approval) -> Claim:
        """See `engine.ports.Gate`."""
        answer = await self._writer.ask(lambda connection: claim(connection, run_id, approval))
        return cast(Claim, answer)

    def flush(self) -> None:
        """Wait until everything is on disk."""
        self._writer.flush()

    async def written(self) -> None:
        """The same without holding up the loop."""
        await self._writer.ask(nothing)

    def convert_next(self) -> bool:
        """Convert one more run of a history of an older format. False when nothing is left. It happens in the
        background anyway; call this to have all of it converted sooner."""
        return bool(self._writer.submit(self._writer.convert_next).result(60))

    def recorded(self, limit: int = 500) -> list[RunRow]:
        """The newest runs first."""
        self._writer.flush()
        return self._table.newest(limit)

    def changes(self, since: int) -> RunChanges:
        """What changed in the list since the change of that number; see `RunTable.changes`."""
        self._writer.flush()
        return self._table.changes(since)

    def chain(self, run_id: RunId) -> list[RunId]:
        """The runs that lead to this one by continuing each other, oldest first, this one included."""
        self._writer.flush()
        return self._table.chain(run_id)

    def events(self, run_id: str, *, deltas: bool = True) -> list[RunEvent]:
        """All events of a run, streamed pieces only with `deltas`; raises `StoreError` when there is none of that id
        or an event is damaged."""
        self._writer.flush()
        events = list(self._events.of_run(run_id, deltas=deltas))
        if not events and (other := self.beside()) is not None:
            return other.events(run_id, deltas=deltas)
        return self._some(run_id, events)

    def facts(self, run_id: str) -> list[RunEvent]:
        """The events without streamed pieces, which nothing depends on; raises as `events` does."""
        return self.events(run_id, deltas=False)

    def readable(self, run_id: str) -> tuple[list[RunEvent], str]:
        """The events of a run up to the first one that cannot be read, and why it cannot; empty when all can be.

        Raises `StoreError` when there is no run of that id.
        """
        self._writer.flush()
        events: list[RunEvent] = []
        try:
            for event in self._events.of_run(run_id):
                events.append(event)
        except EventDamaged as error:
            return events, error.message
        if not events and (other := self.beside()) is not None:
            return other.readable(run_id)
        return self._some(run_id, events), ""

    def find(self, text: str) -> RunId:
        """The run that `text` names: a run id, its unique beginning, or `last`. Raises `StoreError`."""
        self._writer.flush()
        try:
            return self._table.find(text)
        except StoreError:
            other = self.beside() if text != "last" else None
            if other is None:
                raise
            return other.find(text)

    def _some(self, run_id: str, events: list[RunEvent]) -> list[RunEvent]:
        if not events:
            raise StoreError(f"there is no run {run_id!r}", hint="`workbench runs PROJECT` lists the runs.")
        return events

    def rename(self, run_id: RunId, name: str) -> None:
        """Give the conversation that begins with this run a name; an empty one takes the name away."""
        self._change(run_id, "conversation = ?", name)

    def delete(self, run_id: RunId, *, deleted: bool = True) -> None:
        """Hide a run, or restore it. Its events stay for an hour at least; the next start removes them for good."""
        self._change(run_id, "deleted_at = ?", time.time() if deleted else None)

    def remove(self, run_id: RunId) -> None:
        """Remove a finished run for good, soon."""
        self._writer.submit(lambda connection: remove_run(connection, run_id))

    def _remove_deleted(self) -> None:
        """Let the writer remove what was deleted long enough ago, a little at a time, so that other work gets its
        turn.
        """
        before = time.time() - KEPT_DELETED_S
        removed = self._writer.submit(lambda connection: remove_deleted(connection, before))
        removed.add_done_callback(
            lambda done: self._remove_deleted() if done.exception() is None and done.result() else None
        )

    def recover(self) -> list[RunId]:
        """Settle what a program that died left open, and return the interrupted runs.

        A call that had started is settled as `unknown`; it is never run again by itself. Calls that had not
        started stay open, so that a pending approval is still pending.
        """
        interrupted: list[RunId] = []
        for run_id, owner in self._read("SELECT run_id, owner FROM runs WHERE outcome IS NULL", ()):
            if not isinstance(run_id, str) or owner == self._owner:
                continue
            if isinstance(owner, str) and self._is_alive(owner):
                continue
            interrupted.append(RunId(run_id))
            if owner:
                with suppress(StoreError):  # one damaged run must not block the others
                    self._settle_started(RunId(run_id))
        self._writer.flush()
        return interrupted

    def adopt(self, run_id: RunId) -> bool:
        """Make an interrupted run ours before it is resumed. False when another program was quicker."""
        return self._change(run_id, "owner = ?", self._owner, where="AND owner IS NULL AND outcome IS NULL")

    def close(self) -> None:
        """Write what is left and close the files."""
        self._writer.close()
        self._reader.close()
        self._lock.release()
        self._lock_path(self._owner).unlink(missing_ok=True)

    def _settle_started(self, run_id: RunId) -> None:
        events = self.events(run_id)
        claimed = {row[0] for row in self._read("SELECT call_id FROM claims WHERE run_id = ?", (run_id,))}
        last = events[-1]
        seq = last.seq
        for call in fold(events).calls():
            if call.settled is not None or not (call.started or call.call_id in claimed):
                continue
            seq += 1
            reason = "The program ended while this call was running; whether it took effect is unknown."
            self._writer.append(
                ToolCallSettled(
                    run_id=run_id,
                    seq=seq,
                    at=last.at,
                    span=call.span,
                    call_id=call.call_id,
                    outcome="unknown",
                    result_text=error_text("interrupted", reason),
                    is_error=True,
                    error_kind="interrupted",
                )
            )
        self._change(run_id, "owner = NULL")

    def _change(self, run_id: RunId, change: str, *values: object, where: str = "") -> bool:
        work = self._writer.submit(lambda connection: change_run(connection, run_id, change, *values, where=where))
        return bool(work.result(10))

    def _is_alive(self, owner: str) -> bool:
        """Whether the program that owned a run still holds its lock; the system releases it however the program
        ends.
        """
        if owner == self._owner:
            return True
        path = self._lock_path(owner)
        if not _OWNER.fullmatch(owner) or not path.exists():
            return False
        probe = FileLock(path)
        try:
            probe.acquire(timeout=0)
        except (Timeout, OSError):
            return True
        probe.release()
        path.unlink(missing_ok=True)
        return False

    def _lock_path(self, owner: str) -> Path:
        return self.folder / f"owner-{owner}.lock"

    def _read(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._reader.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(
                f"the run history cannot be read: {error}",
                where=str(self.path),
                hint="Move the file aside to start a new history; the old one is not changed.",
            ) from None


def _writable(folder: Path) -> Path:
    """The folder, or one for this session where it cannot be written, or leads out of the project by a link."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(path.is_symlink() for path in (folder, *folder.iterdir())):
            with tempfile.TemporaryFile(dir=folder):
                return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="workbench-"))


def _ignore_in_git(folder: Path) -> None:
    """The history does not belong in version control: the folder ignores itself."""
    marker = folder / ".gitignore"
    if not marker.exists():
        marker.write_text("*\n", encoding="utf-8")
