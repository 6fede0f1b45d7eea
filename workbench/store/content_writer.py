"""Contents that many events share, such as messages and tools, stored once.

A text is found by its digest. A list is another list and one text more, found by those two numbers: what a conversation
or a request adds to the one before it costs one row and one text for each message, however long it is.
"""

import hashlib
import sqlite3
from collections.abc import Iterable

import msgspec

from workbench.store.packing import packed, unpacked
from workbench.store.redaction import Redactor

_KEPT = 32
_KEPT_BYTES = 16 * 2**20

_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode


class _Kept(msgspec.Struct, frozen=True):
    """A JSON array without its closing bracket, and the list that was stored for it."""

    opening: bytes
    list_id: int


class ContentWriter:
    """Used inside the transactions of one writing connection."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._kept: list[_Kept] = []
        self._state: tuple[object, ...] = ()

    def begin(self, connection: sqlite3.Connection) -> None:
        """Call it at the beginning of a transaction. What another program changed, or what was stored before a key
        became known, is not relied on."""
        state = (*connection.execute("PRAGMA data_version").fetchone(), self._redactor.key_count)
        if state != self._state:
            self.forget()
            self._state = state

    def forget(self) -> None:
        """Call it when a transaction was undone: lists that are remembered may be gone."""
        self._kept.clear()

    def text(self, connection: sqlite3.Connection, text: bytes) -> int:
        """The list that has only this text, which holds no keys any more."""
        return self._list(connection, 0, self._text(connection, text))

    def array(self, connection: sqlite3.Connection, raw: bytes) -> int | None:
        """The list of the elements of a JSON array that is not empty, without keys; None when it is not in compact
        form, so that joining the elements would not give it back."""
        opening = raw[:-1]
        known = next((kept for kept in self._kept if _begins_with(opening, kept.opening)), None)
        if known is not None and len(known.opening) == len(opening):
            return known.list_id
        rest = opening[len(known.opening) if known is not None else 0 :][1:]
        elements = [bytes(element) for element in _elements(b"[" + rest + b"]")]
        if b",".join(elements) != rest:
            return None
        list_id = known.list_id if known is not None else 0
        for element in elements:
            list_id = self._list(connection, list_id, self._text(connection, self._redactor.line(element)))
        self._keep(opening, list_id, known)
        return list_id

    def _keep(self, opening: bytes, list_id: int, instead_of: _Kept | None) -> None:
        kept = [_Kept(opening, list_id), *(each for each in self._kept if each is not instead_of)][:_KEPT]
        while sum(len(each.opening) for each in kept) > _KEPT_BYTES:
            kept.pop()
        self._kept = kept

    def _text(self, connection: sqlite3.Connection, text: bytes) -> int:
        """The number of a text. What is stored under its digest is compared: a history from anywhere may say anything,
        and must not put words into a new run."""
        digest = hashlib.sha256(text).digest()
        row = connection.execute("SELECT id, body FROM texts WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            cursor = connection.execute("INSERT INTO texts (digest, body) VALUES (?, ?)", (digest, packed(text)))
            return cursor.lastrowid or 0
        number: int = row[0]
        if not _is_same(row[1], text):
            connection.execute("UPDATE texts SET body = ? WHERE id = ?", (packed(text), number))
        return number

    def _list(self, connection: sqlite3.Connection, before: int, item: int) -> int:
        place = (before, item)
        row = connection.execute("SELECT id FROM lists WHERE before = ? AND item = ?", place).fetchone()
        if row is not None:
            number: int = row[0]
            return number
        return connection.execute("INSERT INTO lists (before, item) VALUES (?, ?)", place).lastrowid or 0


def drop_lists(connection: sqlite3.Connection, list_ids: Iterable[int]) -> None:
    """Take away these lists and what only they needed. Looks at nothing but them and what they are made of."""
    for first in list_ids:
        list_id = first
        while list_id and not _is_needed(connection, list_id):
            row = connection.execute("SELECT before, item FROM lists WHERE id = ?", (list_id,)).fetchone()
            if row is None:
                break
            connection.execute("DELETE FROM lists WHERE id = ?", (list_id,))
            list_id, item = row
            if not connection.execute("SELECT 1 FROM lists WHERE item = ?", (item,)).fetchone():
                connection.execute("DELETE FROM texts WHERE id = ?", (item,))


def _is_needed(connection: sqlite3.Connection, list_id: int) -> bool:
    return bool(
        connection.execute(
            "SELECT 1 FROM uses WHERE list = ? UNION ALL SELECT 1 FROM lists WHERE before = ? LIMIT 1",
            (list_id, list_id),
        ).fetchone()
    )


def _begins_with(opening: bytes, known: bytes) -> bool:
    return opening.startswith(known) and opening[len(known) : len(known) + 1] in (b"", b",")


def _is_same(body: object, text: bytes) -> bool:
    try:
        return isinstance(body, bytes) and unpacked(body) == text
    except ValueError:
        return False
