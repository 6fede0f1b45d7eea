"""A history that a program of format 3 has left, with everything a history could hold, and what a later one made of it.

Each was made by its program: two runs that continue a first one, one of them forked, approvals and a refusal, a name, a
deleted run, a run that was interrupted while a call ran, and one with damaged lines and lines of a newer program.
"""

import gzip
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from workbench.core.event import RunEvent, decode_event

_OLD = Path(__file__).parents[1] / "unit" / "store" / "old"
_FILE = _OLD / "history-3.sqlite.gz"
DAMAGED = "damaged"
"""The run that cannot be read to its end."""
INTERRUPTED = "interrupted"


def put_old_history(folder: Path, version: int = 3) -> Path:
    """Put the file of that format into `folder`, where a store looks for it. What was deleted counts as deleted now."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "runs.sqlite"
    path.write_bytes(gzip.decompress((_OLD / f"history-{version}.sqlite.gz").read_bytes()))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE runs SET deleted_at = ? WHERE deleted_at IS NOT NULL", (time.time(),))
    return path


def old_events() -> dict[str, list[RunEvent]]:
    """The events of each run, as far as they can be read."""
    connection = sqlite3.connect(":memory:")
    with closing(connection):
        connection.deserialize(gzip.decompress(_FILE.read_bytes()))
        rows = connection.execute("SELECT run_id, line FROM events ORDER BY run_id, seq").fetchall()
    events: dict[str, list[RunEvent]] = {}
    broken: set[str] = set()
    for run_id, line in rows:
        try:
            event = decode_event(line)
        except ValueError:
            broken.add(run_id)
        if run_id not in broken:
            events.setdefault(run_id, []).append(event)
    assert broken == {DAMAGED}
    return events


def old_rows() -> list[tuple[object, ...]]:
    """What the list of runs says."""
    connection = sqlite3.connect(":memory:")
    with closing(connection):
        connection.deserialize(gzip.decompress(_FILE.read_bytes()))
        return connection.execute(
            "SELECT run_id, title, outcome, calls, parent_run, fork_seq, conversation, deleted_at IS NULL FROM runs"
            " ORDER BY run_id"
        ).fetchall()
