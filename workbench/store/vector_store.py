"""Vectors of texts, kept by what made them and by the text's digest: derived data that can be thrown away.

No text is in it, and what does not fit what is asked counts as unknown.
"""

import hashlib
import sqlite3
from array import array
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

MOST = 50_000
"""The oldest of more are dropped."""
_AT_ONCE = 500


class VectorStore:
    """One file in the user's folder. A file that cannot be used is as good as none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self, source: str, texts: Iterable[str]) -> dict[str, Sequence[float]]:
        """The known ones among the vectors of `texts`."""
        wanted = {_key(source, text): text for text in texts}
        found: dict[str, Sequence[float]] = {}
        if not self._path.exists():
            return found
        try:
            with closing(self._open()) as connection:
                keys = list(wanted)
                for start in range(0, len(keys), _AT_ONCE):
                    some = keys[start : start + _AT_ONCE]
                    marks = ",".join("?" * len(some))
                    for key, vector in connection.execute(
                        f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some
                    ):
                        found[wanted[key]] = array("f", vector)
        except (sqlite3.Error, ValueError, KeyError, TypeError):
            return {}
        return found

    def keep(self, source: str, vectors: Mapping[str, Sequence[float]]) -> None:
        """Keep these, too."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._open()) as connection, connection:
                rows = [(_key(source, text), array("f", vector).tobytes()) for text, vector in vectors.items()]
                connection.executemany("INSERT OR REPLACE INTO vectors (key, vector) VALUES (?, ?)", rows)
                connection.execute("DELETE FROM vectors WHERE rowid <= (SELECT max(rowid) FROM vectors) - ?", (MOST,))
        except (OSError, sqlite3.Error):
            return  # they can be made again

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=1.0)
        connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB UNIQUE, vector BLOB)")
        return connection


def _key(source: str, text: str) -> bytes:
    return hashlib.sha256(f"{source}\0{text}".encode("utf-8", "replace")).digest()[:16]
