"""Looking through the events of all stored runs, with a connection of its own: a scan never holds up other readers."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from workbench.core.errors import StoreError
from workbench.core.event import RunEvent, decode_event

_PLAIN = re.compile("[A-Za-z0-9]+")
KINDS = ("turn.started", "response.received", "tool_call.proposed", "tool_call.settled")


def candidates(path: Path, text: str, should_stop: Callable[[], bool] = lambda: False) -> Iterator[RunEvent]:
    """Prompts, answers, calls and results that may hold `text`, the newest run first, in the order of each run.

    None that holds it is missing, but the caller has to look: only the longest plain word of `text` is compared.
    Deleted runs and damaged events are left out. `should_stop` is asked between runs. Raises `StoreError`.
    """
    # A plain word stands in JSON as it stands in the text, however often the text was escaped on its way.
    word = max(_PLAIN.findall(text), key=len, default="")
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            runs = connection.execute(
                "SELECT run_id FROM runs WHERE deleted_at IS NULL ORDER BY started_at DESC, run_id DESC"
            ).fetchall()
            for (run_id,) in runs:
                if should_stop():
                    return
                for (line,) in connection.execute(
                    "SELECT line FROM events WHERE run_id = ? AND kind IN (?, ?, ?, ?)"
                    " AND CAST(line AS TEXT) LIKE ? ORDER BY seq",
                    (run_id, *KINDS, f"%{word}%"),
                ):
                    try:
                        yield decode_event(line)
                    except (msgspec.DecodeError, TypeError):
                        continue
    except sqlite3.Error as error:
        raise StoreError(f"the run history cannot be searched: {error}", where=str(path)) from None
