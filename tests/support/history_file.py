"""What a run database says, whatever it compresses."""

import sqlite3
from contextlib import closing
from pathlib import Path

from workbench.store.event_reader import EventReader
from workbench.store.packing import unpacked


def reader_of(connection: sqlite3.Connection) -> EventReader:
    """Reads events from an open database."""
    return EventReader(lambda query, values: connection.execute(query, values).fetchall())


def everything_in(path: Path) -> bytes:
    """The bytes of the file and of those beside it, and every compressed content as it was."""
    files = [file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name)]
    with closing(sqlite3.connect(path)) as connection:
        bodies = connection.execute("SELECT line FROM events UNION ALL SELECT body FROM texts").fetchall()
    return b"\n".join([*files, *(unpacked(body) for (body,) in bodies)])
