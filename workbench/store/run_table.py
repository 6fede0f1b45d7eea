"""Reads the rows of runs: the newest ones, those that changed, those that lead to a run."""

from collections.abc import Callable
from typing import Any

import msgspec

from workbench.core.errors import StoreError
from workbench.core.ids import RunId
from workbench.core.run_row import RunRow
from workbench.store.event_reader import Read

_COLUMNS = (
    "run_id, started_at, title, provider, model, conversation, parent_run, fork_seq, outcome, ended_by, calls, owner"
)
"""In the order of the fields of `RunRow`; the owner says whether it is live."""
_NEWEST = f"SELECT {_COLUMNS} FROM runs WHERE deleted_at IS NULL ORDER BY started_at DESC, run_id DESC LIMIT ?"
_ALL = f"SELECT {_COLUMNS} FROM runs WHERE deleted_at IS NULL"
_CHANGED = (
    f"SELECT {_COLUMNS} FROM (SELECT run_id AS changed_run FROM runs WHERE changed > ?"
    " UNION SELECT run_id FROM runs WHERE outcome IS NULL) CROSS JOIN runs ON run_id = changed_run"
    " WHERE deleted_at IS NULL"
)
_GONE = (
    "SELECT run_id FROM runs WHERE changed > ?1 AND deleted_at IS NOT NULL"
    " UNION ALL SELECT run_id FROM removed_runs WHERE changed > ?1"
)
NEWEST_CHANGE = (
    "SELECT max(coalesce((SELECT max(changed) FROM runs), 0), coalesce((SELECT max(changed) FROM removed_runs), 0))"
)
_CHAIN = (
    "WITH RECURSIVE walk (run_id, parent, fork_seq, is_link) AS ("
    "SELECT run_id, parent_run, fork_seq, 1 FROM runs WHERE run_id = ? AND deleted_at IS NULL"
    " UNION SELECT r.run_id, r.parent_run, r.fork_seq, walk.fork_seq IS NULL FROM walk"
    " JOIN runs AS r ON r.run_id = walk.parent"
    " WHERE (walk.fork_seq IS NULL OR walk.fork_seq <= 1) AND r.deleted_at IS NULL)"
    " SELECT run_id FROM walk WHERE is_link"
)
"""A run that edits a message comes after what that message came after, see `app.runs.conversation_tree`."""


class RunChanges(msgspec.Struct, frozen=True):
    """What changed in the list: rows that are new or changed, runs that are gone, and the newest change."""

    rows: list[RunRow]
    gone: list[RunId]
    newest: int


class RunTable:
    """Every method raises `StoreError` when the file cannot be read. Invalid rows are left out."""

    def __init__(self, read: Read, is_alive: Callable[[str], bool]) -> None:
        """`is_alive` says whether the program of that owner still runs."""
        self._read = read
        self._is_alive = is_alive

    def newest(self, limit: int) -> list[RunRow]:
        """The newest runs first."""
        return self._rows(self._read(_NEWEST, (limit,)))

    def changes(self, since: int) -> RunChanges:
        """What changed since a change of that number, and every run without an end; everything when it is negative."""
        newest = int(self._read(NEWEST_CHANGE, ())[0][0])
        if since < 0:
            return RunChanges(self._rows(self._read(_ALL, ())), [], newest)
        gone = [RunId(run_id) for (run_id,) in self._read(_GONE, (since,))]
        return RunChanges(self._rows(self._read(_CHANGED, (since,))), gone, newest)

    def chain(self, run_id: RunId) -> list[RunId]:
        """The runs that lead to this one by continuing each other, oldest first, this one included."""
        found = [RunId(link) for (link,) in self._read(_CHAIN, (run_id,))]
        return [*dict.fromkeys(found)][::-1] or [run_id]

    def find(self, text: str) -> RunId:
        """The run that `text` names: a run id, its unique beginning, or `last`. Raises `StoreError`."""
        if text == "last" and (newest := self.newest(1)):
            return newest[0].run_id
        found = self._read(
            "SELECT run_id FROM runs WHERE run_id >= ?1 AND substr(run_id, 1, length(?1)) = ?1 AND run_id < ?2"
            " AND deleted_at IS NULL ORDER BY run_id LIMIT 1000",
            (text, f"{text}\U0010ffff"),
        )
        matching = [run_id for (run_id,) in found if run_id == text] or [run_id for (run_id,) in found]
        if len(matching) == 1:
            return RunId(matching[0])
        if matching:
            raise StoreError(f"{text!r} matches {len(matching)} runs", hint="Enter more characters of the run's ID.")
        raise StoreError(f"there is no run {text!r}", hint="`workbench runs PROJECT` lists the runs.")

    def _rows(self, rows: list[tuple[Any, ...]]) -> list[RunRow]:
        return [made for row in rows if (made := self._row(row)) is not None]

    def _row(self, row: tuple[Any, ...]) -> RunRow | None:
        *values, owner = row
        fields = dict(zip(RunRow.__struct_fields__, values, strict=False))
        fields["is_live"] = fields["outcome"] is None and isinstance(owner, str) and self._is_alive(owner)
        try:
            return msgspec.convert(fields, RunRow)
        except msgspec.ValidationError:
            return None
