"""The file of a search index: creates its tables, and refuses files that are not one."""

import sqlite3
from pathlib import Path

from workbench.core.errors import StoreError

FORMAT = 3
"""An index of another format is discarded."""
_TABLES = """
CREATE TABLE runs (run_id TEXT PRIMARY KEY, started_at REAL NOT NULL, seq INTEGER NOT NULL, name TEXT NOT NULL) STRICT;
CREATE TABLE mark (history TEXT NOT NULL, change INTEGER NOT NULL) STRICT;
CREATE TABLE texts (
    id INTEGER PRIMARY KEY, run_id TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, span TEXT NOT NULL,
    call_id TEXT, at REAL NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX texts_by_run ON texts (run_id, kind);
CREATE INDEX instructions ON texts (body) WHERE kind = 'instructions';
CREATE TABLE carriers (
    digest BLOB NOT NULL, at REAL NOT NULL, run_id TEXT NOT NULL, PRIMARY KEY (digest, at, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX carriers_by_run ON carriers (run_id);
CREATE VIRTUAL TABLE words USING fts5(body, content='', tokenize="unicode61 remove_diacritics 0");
"""


class IndexUnusable(StoreError):
    """There is no full-text search here; the caller searches the runs themselves."""


class _OtherFormat(sqlite3.DatabaseError):
    sqlite_errorcode = sqlite3.SQLITE_NOTADB


def open_index(file: Path) -> sqlite3.Connection:
    """A connection that writes, its tables made. Raises `IndexUnusable`; `sqlite3.Error` when it is damaged."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file, timeout=10, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise IndexUnusable(f"the search index cannot be saved: {error}", where=str(file)) from None
    try:
        file.chmod(0o600)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA secure_delete = ON")
        if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            _make(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _make(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty file; anything else in it is not ours."""
    if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise _OtherFormat("it is of another format")
    connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {FORMAT}; COMMIT;")
