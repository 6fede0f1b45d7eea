"""Searches the events of all stored runs, with a connection of its own: a scan never holds up other readers.

It serves where there is no full-text index, and for texts without any word in them.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from workbench.core.errors import StoreError
from workbench.core.ids import ROOT_SPAN, RunId
from workbench.core.search_query import SearchQuery
from workbench.store.event_reader import OF_RUN, EventDamaged, EventReader
from workbench.store.packing import unpacked
from workbench.store.search_index import FoundText
from workbench.store.search_text import KINDS, searchable


def scan(path: Path, query: SearchQuery, should_stop: Callable[[], bool] = lambda: False) -> Iterator[FoundText]:
    """The texts that match the query, the newest run first, in the order of each run.

    Deleted runs and damaged events are left out. `should_stop` is asked between runs. Raises `StoreError`.
    """
    # A plain word is in JSON as it occurs in the text, however often the text was escaped on its way.
    word = query.longest_word if query.longest_word.isascii() and query.longest_word.isalnum() else ""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            reader = EventReader(lambda text, values: connection.execute(text, values).fetchall())
            runs = connection.execute(
                "SELECT run_id, started_at, conversation FROM runs WHERE deleted_at IS NULL"
                " ORDER BY started_at DESC, run_id DESC"
            ).fetchall()
            for run_id, started_at, name in runs:
                if should_stop():
                    return
                if query.is_in(name):
                    yield FoundText("name", RunId(run_id), 0, ROOT_SPAN, started_at, name, started_at)
                for row in connection.execute(OF_RUN, (run_id,)):
                    if row[2] in KINDS and _may_hold(word, row):
                        yield from _in_events(reader, row, query, started_at)
    except sqlite3.Error as error:
        raise StoreError(f"the run history cannot be searched: {error}", where=str(path)) from None


def _may_hold(word: str, row: tuple[Any, ...]) -> bool:
    *_, line, refs = row
    try:
        return refs is not None or word.lower() in unpacked(line).decode("utf-8", "replace").lower()
    except (ValueError, TypeError, AttributeError):
        return False


def _in_events(reader: EventReader, row: tuple[Any, ...], query: SearchQuery, started_at: float) -> Iterator[FoundText]:
    try:
        events = reader.events(*row)
    except EventDamaged:
        return
    for event in events:
        call_id = getattr(event, "call_id", None)
        for kind, text in searchable(event):
            if query.is_in(text):
                yield FoundText(kind, event.run_id, event.seq, event.span, event.at, text, started_at, call_id)
