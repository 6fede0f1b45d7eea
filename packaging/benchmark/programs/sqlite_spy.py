"""Counts SQL statements by the thread that carries them out. Install before anything connects."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any

statements: Counter[int] = Counter()
"""Statements by thread identity."""


class _Spied(sqlite3.Connection):
    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        statements[threading.get_ident()] += 1
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        statements[threading.get_ident()] += 1
        return super().executemany(sql, parameters)


def install() -> None:
    """Every later connection is counted."""
    connect = sqlite3.connect

    def spied(*arguments: Any, **options: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*arguments, **{"factory": _Spied, **options})
        return made

    sqlite3.connect = spied  # type: ignore[assignment]


def on_this_thread() -> int:
    """Statements of the calling thread so far."""
    return statements[threading.get_ident()]
