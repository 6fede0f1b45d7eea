"""The full-text index of one project's runs. Derived data: it can be deleted at any time and is rebuilt.

It is in the user's own folder and not beside the runs, because an untrusted project could bring an index made to harm
the user who opens it.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from workbench.core.errors import StoreError
from workbench.core.event import RunEvent
from workbench.core.ids import CallId, RunId, SpanPath
from workbench.core.search_query import SearchQuery
from workbench.store.event_reader import EventDamaged, EventReader
from workbench.store.indexed_texts import IndexedTexts
from workbench.store.redaction import Redactor
from workbench.store.run_table import NEWEST_CHANGE
from workbench.store.search_file import IndexUnusable, open_index
from workbench.store.search_text import KINDS, TextKind

_BATCH = 400
_NO_DAMAGE = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
_log = logging.getLogger(__name__)
_COLUMNS = "runs.run_id, started_at, conversation, (SELECT max(seq) FROM events AS e WHERE e.run_id = runs.run_id)"
_ALL = f"SELECT {_COLUMNS} FROM runs WHERE deleted_at IS NULL ORDER BY started_at, run_id"
_CHANGED = (
    f"SELECT {_COLUMNS} FROM (SELECT run_id FROM runs WHERE changed > ?"
    " UNION SELECT run_id FROM runs WHERE outcome IS NULL)"
    " AS news CROSS JOIN runs ON runs.run_id = news.run_id WHERE deleted_at IS NULL ORDER BY started_at, runs.run_id"
)
"""A run that has ended changes only in its row; one that has not is checked each time."""
_GONE = (
    "SELECT run_id FROM runs WHERE changed > ? AND deleted_at IS NOT NULL"
    " UNION ALL SELECT run_id FROM removed_runs WHERE changed > ?"
)

Recorded = tuple[str, float, str, int]
"""Run, start, name and newest event."""


class HistoryMark(NamedTuple):
    """How far a history was indexed: which one, and the newest change of a row of its runs."""

    history: str
    change: int


class FoundText(msgspec.Struct, frozen=True):
    """A text that contains everything asked for. `started_at` is the start of its run."""

    kind: TextKind
    run_id: RunId
    seq: int
    span: SpanPath
    at: float
    body: str
    started_at: float
    call_id: CallId | None = None


class SearchIndex:
    """Every method opens the file itself and may take long: call them on a separate thread."""

    def __init__(self, file: Path, history: Path, redactor: Redactor) -> None:
        """`file` is the index, `history` the run database that it follows."""
        self._file = file
        self._history = history
        self._redactor = redactor

    def catch_up(
        self,
        on_progress: Callable[[int, int], object] = lambda done, total: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Index what was recorded since, and drop deleted runs. True when it is complete.

        `on_progress` gets the number of events done and in total. A damaged or foreign index is rebuilt. What was
        indexed before `should_stop` is kept. Raises `StoreError`: `IndexUnusable` when there is no full-text search
        here.
        """
        try:
            return self._catch_up(on_progress, should_stop)
        except sqlite3.Error as error:
            self._give_up_on(error)
        try:
            return self._catch_up(on_progress, should_stop)
        except sqlite3.Error as error:
            raise IndexUnusable(f"the search index cannot be made: {error}", where=str(self._file)) from None

    def find(self, query: SearchQuery) -> Iterator[FoundText]:
        """Texts that contain all terms of the query, the newest run first. Raises `IndexUnusable`."""
        asked = " ".join(f'"{" ".join(term.words)}"{"*" if term.is_beginning else ""}' for term in query.terms)
        try:
            with closing(open_index(self._file)) as index:
                yield from map(
                    _found,
                    index.execute(
                        "SELECT t.kind, t.run_id, t.seq, t.span, t.at, t.body, r.started_at, t.call_id FROM words"
                        " JOIN texts AS t ON t.id = words.rowid JOIN runs AS r ON r.run_id = t.run_id"
                        " WHERE words MATCH ? ORDER BY words.rowid DESC",
                        (asked,),
                    ),
                )
        except sqlite3.Error as error:
            self._give_up_on(error)
            raise IndexUnusable(f"the search index cannot be read: {error}", where=str(self._file)) from None

    def _give_up_on(self, error: sqlite3.Error) -> None:
        """Remove a damaged index. One that is only busy, or that the disk refuses, stays: then raise."""
        if error.sqlite_errorcode & 0xFF in _NO_DAMAGE:
            raise IndexUnusable(f"the search index cannot be used: {error}", where=str(self._file)) from None
        _log.info("The search index is rebuilt: %s", error)
        try:
            for path in (self._file, *(self._file.with_name(self._file.name + end) for end in ("-wal", "-shm"))):
                path.unlink(missing_ok=True)
        except OSError as trouble:
            raise IndexUnusable(f"the search index cannot be rebuilt: {trouble}", where=str(self._file)) from None

    def _catch_up(self, on_progress: Callable[[int, int], object], should_stop: Callable[[], bool]) -> bool:
        with closing(open_index(self._file)) as index, closing(self._open_history()) as history:
            mark, reached = self._marks(index, history)
            reader = EventReader(lambda query, values: history.execute(query, values).fetchall())
            waiting = []
            for run_id, started_at, name, last in self._changed(history, index, mark):
                known = index.execute("SELECT seq, name FROM runs WHERE run_id = ?", (run_id,)).fetchone()
                before, named = known or (0, "")
                if last > before or name != named:
                    waiting.append((run_id, started_at, name, before, last))
            total = sum(max(last - before, 1) for *_, before, last in waiting)
            done = 0
            for run_id, started_at, name, before, last in waiting:
                for seq in self._index_run(index, history, reader, (run_id, started_at, name), before, last):
                    on_progress(done + seq - before, total)
                    if should_stop():
                        return False
                done += max(last - before, 1)
                on_progress(done, total)
            _set_mark(index, reached)
        return True

    def _marks(self, index: sqlite3.Connection, history: sqlite3.Connection) -> tuple[HistoryMark, HistoryMark]:
        """How far the index is, and how far the history. Nothing is known about a different history."""
        try:
            first = history.execute("SELECT run_id || started_at FROM runs ORDER BY rowid LIMIT 1").fetchone()
            [change] = history.execute(NEWEST_CHANGE).fetchone()
        except sqlite3.Error as error:
            raise self._unreadable(error) from None
        reached = HistoryMark(str(first), change)
        row = index.execute("SELECT history, change FROM mark").fetchone()
        mark = HistoryMark(*row) if row is not None else HistoryMark("", 0)
        is_same = mark.history == reached.history and mark.change <= reached.change
        return mark if is_same else HistoryMark("", 0), reached

    def _changed(self, history: sqlite3.Connection, index: sqlite3.Connection, mark: HistoryMark) -> list[Recorded]:
        """What has changed since, oldest first; what is deleted is taken out of the index."""
        is_known = bool(mark.history)
        try:
            gone = [row[0] for row in history.execute(_GONE, (mark.change, mark.change))]
            rows = history.execute(_CHANGED, (mark.change,)) if is_known else history.execute(_ALL)
            found = [row for row in rows if isinstance(row[0], str) and isinstance(row[3], int)]
        except sqlite3.Error as error:
            raise self._unreadable(error) from None
        if not is_known:
            known = {row[0] for row in index.execute("SELECT run_id FROM runs")}
            gone = [*(known - {row[0] for row in found})]
        for run_id in gone:
            index.execute("BEGIN IMMEDIATE")
            IndexedTexts(index, self._redactor).forget(run_id)
            index.execute("COMMIT")
        return found

    def _open_history(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(f"{self._history.as_uri()}?mode=ro", uri=True, timeout=10)
            connection.execute("PRAGMA trusted_schema = OFF")
        except sqlite3.Error as error:
            raise self._unreadable(error) from None
        return connection

    def _index_run(
        self,
        index: sqlite3.Connection,
        history: sqlite3.Connection,
        reader: EventReader,
        run: tuple[str, float, str],
        before: int,
        last: int,
    ) -> Iterator[int]:
        """Index the events of a run after `before`, some at a time; yields the number of the newest one each time."""
        run_id, started_at, name = run
        while True:
            try:
                rows = history.execute(
                    f"SELECT run_id, seq, kind, line, refs FROM events WHERE run_id = ? AND seq > ? AND seq <= ?"
                    f" AND kind IN ({', '.join('?' * len(KINDS))}) ORDER BY seq LIMIT {_BATCH}",
                    (run_id, before, last, *KINDS),
                ).fetchall()
            except sqlite3.Error as error:
                raise self._unreadable(error) from None
            begun, before = before, rows[-1][1] if len(rows) == _BATCH else last
            index.execute("BEGIN IMMEDIATE")
            try:
                known = index.execute("SELECT seq FROM runs WHERE run_id = ?", (run_id,)).fetchone() or (0,)
                if known[0] != begun:  # another program indexes the same run
                    index.execute("ROLLBACK")
                    return
                texts = IndexedTexts(index, self._redactor)
                for row in rows:
                    texts.add_events(self._events(reader, row))
                texts.add_name(*run)
                index.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)", (run_id, started_at, before, name))
                index.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    index.execute("ROLLBACK")
                raise
            yield before
            if before == last:
                return

    def _events(self, reader: EventReader, row: tuple[Any, ...]) -> list[RunEvent]:
        try:
            return reader.events(*row)
        except EventDamaged:
            return []  # it is reported when its run is opened

    def _unreadable(self, error: sqlite3.Error) -> StoreError:
        return StoreError(f"the run history cannot be searched: {error}", where=str(self._history))


def _set_mark(index: sqlite3.Connection, mark: HistoryMark) -> None:
    index.execute("BEGIN IMMEDIATE")
    index.execute("DELETE FROM mark")
    index.execute("INSERT INTO mark VALUES (?, ?)", mark)
    index.execute("COMMIT")


def _found(row: tuple[object, ...]) -> FoundText:
    kind, run_id, seq, span, at, body, started_at, call_id = row
    return msgspec.convert(
        {
            "kind": kind,
            "run_id": run_id,
            "seq": seq,
            "span": span,
            "at": at,
            "body": body,
            "started_at": started_at,
            "call_id": call_id,
        },
        FoundText,
    )
