"""Takes deleted runs out of the run database for good, with all content that only they had."""

import sqlite3

from workbench.store.content_writer import drop_lists
from workbench.store.run_summary import NEXT_CHANGE

_AT_ONCE = 20
_TABLES = ("events", "events_3", "uses", "approvals", "claims", "runs")


def remove_deleted(connection: sqlite3.Connection, before: float) -> bool:
    """Remove runs that were deleted before that time (seconds since the epoch) and that no program is working on, some
    at a time, inside the caller's transaction. Whether there may be more."""
    runs = connection.execute(
        "SELECT run_id FROM runs WHERE deleted_at < ? AND (outcome IS NOT NULL OR owner IS NULL)"
        f" ORDER BY deleted_at LIMIT {_AT_ONCE}",
        (before,),
    ).fetchall()
    if runs:
        connection.execute("PRAGMA secure_delete = ON")
        for (run_id,) in runs:
            remove_run(connection, run_id)
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("PRAGMA incremental_vacuum").fetchall()
    return len(runs) == _AT_ONCE


def remove_run(connection: sqlite3.Connection, run_id: str) -> None:
    """Remove this run and all content that only it had, inside the caller's transaction."""
    connection.execute(f"INSERT OR REPLACE INTO removed_runs VALUES (?, {NEXT_CHANGE})", (run_id,))
    lists = connection.execute("SELECT list FROM uses WHERE run_id = ? ORDER BY list DESC", (run_id,)).fetchall()
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE run_id = ?", (run_id,))
    drop_lists(connection, (list_id for (list_id,) in lists))
