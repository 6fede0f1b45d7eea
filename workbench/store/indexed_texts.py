"""The texts in the search index, each with its words. Used inside the transactions of one connection.

Instructions are the same in very many runs, so a text of them is stored once, for the newest run that contains it.
"""

import hashlib
import sqlite3
import unicodedata
from collections.abc import Iterable

from workbench.core.event import RunEvent
from workbench.core.ids import ROOT_SPAN
from workbench.core.json_text import without_surrogates
from workbench.core.search_query import words_of
from workbench.store.redaction import Redactor
from workbench.store.search_text import TextKind, searchable

_Place = tuple[str, int, TextKind, str, str | None, float]
"""Run, seq, kind, span, call, time."""

_ADD_WORDS = "INSERT INTO words (rowid, body) VALUES (?, ?)"
_DROP_WORDS = "INSERT INTO words (words, rowid, body) VALUES ('delete', ?, ?)"
_NEAR = 2_000
"""What is found comes in the order of its number, so a text that is carried on gets a new one now and then."""
_KNOWN_INSTRUCTIONS = (
    "SELECT id, (SELECT max(id) FROM texts) FROM texts WHERE kind = 'instructions' AND body = ? ORDER BY id DESC"
)
_NEWEST_CARRIER = (
    "SELECT carriers.run_id, carriers.at FROM carriers JOIN runs ON runs.run_id = carriers.run_id WHERE digest = ?"
    " ORDER BY carriers.at DESC, carriers.run_id DESC LIMIT 1"
)


class IndexedTexts:
    """What is kept is free of keys, also of those that became known after the event was recorded."""

    def __init__(self, index: sqlite3.Connection, redactor: Redactor) -> None:
        self._index = index
        self._redactor = redactor

    def add_events(self, events: Iterable[RunEvent]) -> None:
        """Add what can be searched in these events."""
        for event in events:
            call_id = getattr(event, "call_id", None)
            for kind, text in searchable(event):
                place = (event.run_id, event.seq, kind, event.span, call_id, event.at)
                if kind == "instructions":
                    self._add_instructions(place, text)
                else:
                    self._add(place, self._clean(text))

    def add_name(self, run_id: str, started_at: float, name: str) -> None:
        """Give the conversation that begins with this run this name and no other."""
        self._drop("run_id = ? AND kind = 'name'", run_id)
        if name:
            self._add((run_id, 0, "name", ROOT_SPAN, None, started_at), self._clean(name))

    def forget(self, run_id: str) -> None:
        """Remove all texts of a run; instructions stay as long as another run contains them."""
        rows = self._index.execute("SELECT digest FROM carriers WHERE run_id = ?", (run_id,)).fetchall()
        self._index.execute("DELETE FROM carriers WHERE run_id = ?", (run_id,))
        carried = "SELECT body FROM texts WHERE run_id = ? AND kind = 'instructions'"
        bodies = [body for (body,) in self._index.execute(carried, (run_id,))]
        self._drop("run_id = ?", run_id)
        self._index.execute("DELETE FROM runs WHERE run_id = ?", (run_id,))
        for (digest,) in rows:
            carrier = self._index.execute(_NEWEST_CARRIER, (digest,)).fetchone()
            body = next((body for body in bodies if _digest(body) == digest), None)
            if carrier is not None and body is not None:
                self._add((carrier[0], 1, "instructions", ROOT_SPAN, None, carrier[1]), body)

    def _add_instructions(self, place: _Place, text: str) -> None:
        run_id, *_, at = place
        body = self._clean(text)
        digest = _digest(body)
        older = self._index.execute("SELECT 1 FROM carriers WHERE digest = ? AND at > ? LIMIT 1", (digest, at))
        is_newest = older.fetchone() is None
        self._index.execute("INSERT OR IGNORE INTO carriers VALUES (?, ?, ?)", (digest, at, run_id))
        if not is_newest:
            return
        known = self._index.execute(_KNOWN_INSTRUCTIONS, (body,)).fetchone()
        if known is not None and known[1] - known[0] < _NEAR:  # its words need not be written again
            self._index.execute("UPDATE texts SET run_id = ?, at = ? WHERE id = ?", (run_id, at, known[0]))
            return
        self._drop("kind = 'instructions' AND body = ?", body)
        self._add(place, body)

    def _add(self, place: _Place, body: str) -> None:
        cursor = self._index.execute(
            "INSERT INTO texts (run_id, seq, kind, span, call_id, at, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*place, body),
        )
        self._index.execute(_ADD_WORDS, (cursor.lastrowid, _in_words(body)))

    def _drop(self, where: str, value: str) -> None:
        for number, body in self._index.execute(f"SELECT id, body FROM texts WHERE {where}", (value,)).fetchall():
            self._index.execute(_DROP_WORDS, (number, _in_words(body)))
        self._index.execute(f"DELETE FROM texts WHERE {where}", (value,))

    def _clean(self, text: str) -> str:
        return str(without_surrogates(unicodedata.normalize("NFC", self._redactor.text(text))))


def _digest(body: str) -> bytes:
    return hashlib.sha256(body.encode()).digest()


def _in_words(body: str) -> str:
    """What the index compares. Both sides go through the same words, so the index needs no rules of its own."""
    return " ".join(words_of(body))
