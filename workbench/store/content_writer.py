"""Contents that many events share, such as messages and tools, stored once.

A text is found by its digest. A list is another list and one text more, found by those two numbers: what a conversation
or a request adds to the one before it costs one row and one text for each message, however long it is.
"""

import hashlib
import sqlite3
from bisect import bisect
from collections.abc import Iterable

import msgspec

from workbench.store.packing import packed, unpacked
from workbench.store.redaction import Redactor

_KEPT = 32
_KEPT_BYTES = 16 * 2**20

_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode


class _Kept(msgspec.Struct, frozen=True):
    """A JSON array without its closing bracket, where each of its elements ends, and the list up to there."""

    opening: bytes
    ends: tuple[int, ...]
    lists: tuple[int, ...]

    def shared_with(self, opening: bytes) -> int:
        """With how many of the same elements another array begins."""
        return bisect(range(len(self.ends)), 0, key=lambda number: not self._continues_in(opening, self.ends[number]))

    def _continues_in(self, opening: bytes, end: int) -> bool:
        return opening.startswith(self.opening[:end]) and opening[end : end + 1] in (b"", b",")


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
        """The list that has only this text, which holds no keys anymore."""
        return self._list(connection, 0, self._text(connection, text))

    def array(self, connection: sqlite3.Connection, raw: bytes) -> int | None:
        """The list of the elements of a JSON array that is not empty, without keys; None when it is not in compact
        form, so that joining the elements would not give it back."""
        opening = raw[:-1]
        known, shared = max(((kept, kept.shared_with(opening)) for kept in self._kept), key=_number, default=(None, 0))
        ends = [*known.ends[:shared]] if known is not None else []
        lists = [*known.lists[:shared]] if known is not None else []
        end = ends[-1] if ends else 0
        if end < len(opening):
            elements = [bytes(element) for element in _elements(b"[" + raw[end + 1 :])]
            if b",".join(elements) != opening[end + 1 :]:
                return None
            for element in elements:
                before, text = lists[-1] if lists else 0, self._redactor.line(element)
                lists.append(self._list(connection, before, self._text(connection, text)))
                end += 1 + len(element)
                ends.append(end)
        is_continued = known is not None and shared == len(known.ends)
        self._keep(_Kept(opening, tuple(ends), tuple(lists)), known if is_continued else None)
        return lists[-1]

    def _keep(self, new: _Kept, instead_of: _Kept | None) -> None:
        kept = [new, *(each for each in self._kept if each is not instead_of)][:_KEPT]
        while sum(len(each.opening) for each in kept) > _KEPT_BYTES:
            kept.pop()
        self._kept = kept

    def _text(self, connection: sqlite3.Connection, text: bytes) -> int:
        """The number of a text. What is stored under its digest is compared: an untrusted history may hold anything,
        and must not put its text into a new run."""
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
    """Remove these lists and what only they needed. Looks at nothing but them and what they are made of."""
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


def _number(found: tuple[_Kept, int]) -> int:
    return found[1]


def _is_same(body: object, text: bytes) -> bool:
    try:
        return isinstance(body, bytes) and unpacked(body) == text
    except ValueError:
        return False
