"""The run database's format: an integer version and one small step from each version to the next."""

import sqlite3

from workbench.core.errors import StoreError

STEPS: tuple[str, ...] = (
    # 0 → 1
    """
    CREATE TABLE runs (
        run_id TEXT PRIMARY KEY, started_at REAL NOT NULL, finished_at REAL, title TEXT NOT NULL DEFAULT '',
        provider TEXT NOT NULL, model TEXT NOT NULL, conversation TEXT NOT NULL DEFAULT '', parent_run TEXT,
        outcome TEXT, ended_by TEXT, calls INTEGER NOT NULL DEFAULT 0, owner TEXT, deleted_at REAL
    ) STRICT;
    CREATE INDEX runs_by_start ON runs (started_at DESC);
    CREATE TABLE events (
        run_id TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, at REAL NOT NULL, line BLOB NOT NULL,
        PRIMARY KEY (run_id, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE claims (
        call_id TEXT PRIMARY KEY, run_id TEXT NOT NULL, shown_hash TEXT NOT NULL, at REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    # 1 → 2
    """
    CREATE TABLE approvals (
        call_id TEXT PRIMARY KEY, run_id TEXT NOT NULL, shown_hash TEXT NOT NULL, asked_at REAL, expires_at REAL,
        decision TEXT, decided_by TEXT, decided_at REAL, runs_hash TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE grants (
        grant_id TEXT PRIMARY KEY, tool TEXT NOT NULL, line BLOB NOT NULL, seal TEXT NOT NULL, at REAL NOT NULL,
        revoked_at REAL
    ) STRICT, WITHOUT ROWID;
    """,
    # 2 → 3
    "ALTER TABLE runs ADD COLUMN fork_seq INTEGER;",
    # 3 → 4: events as `store.stored_event` says; the old ones are moved over by `store.conversion`
    """
    ALTER TABLE events RENAME TO events_3;
    CREATE TABLE events (
        run_id TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, at REAL NOT NULL, line BLOB NOT NULL, refs TEXT,
        PRIMARY KEY (run_id, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE texts (id INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE, body BLOB NOT NULL) STRICT;
    CREATE TABLE lists (
        id INTEGER PRIMARY KEY AUTOINCREMENT, before INTEGER NOT NULL, item INTEGER NOT NULL, UNIQUE (before, item)
    ) STRICT;
    CREATE INDEX lists_by_item ON lists (item);
    CREATE TABLE uses (run_id TEXT NOT NULL, list INTEGER NOT NULL, PRIMARY KEY (run_id, list)) STRICT, WITHOUT ROWID;
    CREATE INDEX uses_by_list ON uses (list);
    ALTER TABLE runs ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX runs_by_change ON runs (changed);
    CREATE INDEX runs_without_end ON runs (run_id) WHERE outcome IS NULL;
    CREATE INDEX runs_deleted ON runs (deleted_at) WHERE deleted_at IS NOT NULL;
    CREATE TABLE removed_runs (run_id TEXT PRIMARY KEY, changed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    """,
    # 4 → 5: what a result has beside text is stored apart, too, and a program of format 4 would call that damaged
    "",
)
CURRENT = len(STEPS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database to the current version; raises `StoreError` when it is newer than this program."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > CURRENT:
        raise StoreError(
            f"the run history has format {version}, this program knows up to {CURRENT}",
            hint="Update the workbench, or move .workbench/runs.sqlite aside.",
        )
    _refuse_strangers(connection)
    for number in range(version, CURRENT):
        connection.executescript(f"BEGIN IMMEDIATE; {STEPS[number]} PRAGMA user_version = {number + 1}; COMMIT;")


def _refuse_strangers(connection: sqlite3.Connection) -> None:
    """An untrusted project may bring a database with code in it: we create no triggers, views or virtual tables."""
    strange = connection.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('view', 'trigger') OR sql LIKE 'create virtual%'"
    ).fetchone()
    if strange is not None:
        raise StoreError(
            "the run history holds something the workbench did not put there",
            hint="Move .workbench/runs.sqlite aside to start a new history.",
        )
