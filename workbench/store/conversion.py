"""Moves the events of a history of format 3 over, one run in a transaction.

It runs while the program works: a run that was not moved yet is read where it is (`event_reader.OF_RUN`), so being
killed at any moment costs nothing.
"""

import sqlite3

import msgspec

from workbench.core.event import RunEvent, decode_event, encode_event
from workbench.store.event_writer import EventWriter
from workbench.store.packing import packed
from workbench.store.redaction import Redactor


def is_converted(connection: sqlite3.Connection) -> bool:
    """Whether nothing is left to be moved."""
    return connection.execute("SELECT 1 FROM events_3 LIMIT 1").fetchone() is None


def convert_next(connection: sqlite3.Connection, events: EventWriter, redactor: Redactor) -> None:
    """Move the newest run that is left, inside the caller's transaction."""
    run = connection.execute("SELECT run_id FROM events_3 ORDER BY run_id DESC LIMIT 1").fetchone()
    if run is None:
        return
    waiting: list[RunEvent] = []
    rows = connection.execute("SELECT seq, kind, at, line FROM events_3 WHERE run_id = ? ORDER BY seq", run)
    for seq, kind, at, line in rows.fetchall():
        event = _understood(line)
        if event is not None and (event.run_id, event.seq) == (run[0], seq):
            waiting.append(event)
            continue
        events.insert(connection, waiting)
        waiting.clear()
        connection.execute(
            "INSERT OR IGNORE INTO events (run_id, seq, kind, at, line) VALUES (?, ?, ?, ?, ?)",
            (run[0], seq, kind, at, packed(_without_keys(redactor, line))),
        )
    events.insert(connection, waiting)
    connection.execute("DELETE FROM events_3 WHERE run_id = ?", run)


def give_back_space(connection: sqlite3.Connection) -> None:
    """Make the file as small as what is in it, outside of any transaction; worth it when all was moved."""
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("VACUUM")


def _understood(line: bytes) -> RunEvent | None:
    """The event, if a line says nothing else; what a newer or broken program wrote is kept as it is."""
    try:
        event = decode_event(line)
        known, said = msgspec.json.decode(encode_event(event)), msgspec.json.decode(line)
    except (msgspec.MsgspecError, RecursionError):
        return None
    return event if all(name in known and known[name] == value for name, value in said.items()) else None


def _without_keys(redactor: Redactor, line: bytes) -> bytes:
    try:
        return redactor.line(line)
    except UnicodeDecodeError:
        return line
