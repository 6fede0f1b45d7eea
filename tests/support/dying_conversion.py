"""Kills the conversion of an old history at every statement it makes, and looks what is left each time.

    python dying_conversion.py FOLDER

Prints one JSON object for each kill.
"""

import json
import os
import signal
import sqlite3
import sys
from pathlib import Path

from tests.support.history_file import reader_of
from tests.support.old_history import DAMAGED, old_events, put_old_history
from workbench.store.conversion import convert_next, is_converted
from workbench.store.event_writer import EventWriter
from workbench.store.migrations import migrate
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore


def convert(path: Path, die_at: int) -> None:
    """Convert all of it, or die before the statement of that number."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    made = 0

    def count(statement: str) -> None:
        nonlocal made
        made += 1
        if made == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    connection.set_trace_callback(count)
    migrate(connection)
    redactor = Redactor()
    while not is_converted(connection):
        connection.execute("BEGIN IMMEDIATE")
        convert_next(connection, EventWriter(redactor), redactor)
        connection.execute("COMMIT")
    connection.close()


def killed(path: Path, die_at: int) -> bool:
    """Whether there was a statement of that number."""
    child = os.fork()
    if child == 0:
        convert(path, die_at)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def lost(path: Path) -> list[str]:
    """The runs that do not read as they did."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    migrate(connection)
    reader = reader_of(connection)
    wrong = [run for run, events in EXPECTED.items() if run != DAMAGED and [*reader.of_run(run)] != events]
    if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        wrong.append("the file")
    connection.close()
    return wrong


def finished(folder: Path) -> list[str]:
    """The runs that do not read as they did when the next program has gone on to the end."""
    store = RunStore(folder, Redactor())
    while store.convert_next():
        pass
    wrong = [run for run, events in EXPECTED.items() if store.readable(run)[0] != events]
    store.close()
    return wrong


EXPECTED = old_events()


def main(folder: Path, stride: int) -> None:
    """Print what is lost, kill by kill."""
    step = 1
    is_going_on = True
    while is_going_on:
        path = put_old_history(folder / f"{step}")
        is_going_on = killed(path, step)
        verdict = {"step": step, "lost": lost(path), "lost_later": finished(path.parent)}
        sys.stdout.write(json.dumps(verdict) + "\n")
        sys.stdout.flush()
        step += stride


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
