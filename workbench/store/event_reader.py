"""Puts events together again from the rows of the run database; see `store.stored_event`."""

import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from workbench.core.errors import StoreError
from workbench.core.event import RequestSent, RunEvent, RunStarted, decode_event
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject
from workbench.core.message import Attachment, Message
from workbench.core.shared_text import SharedText
from workbench.store.packing import unpacked
from workbench.store.stored_event import DELTAS, LISTS, TEXTS, DeltaGroup, Refs

Read = Callable[[str, tuple[object, ...]], list[tuple[Any, ...]]]
"""Runs a query and gives all rows; raises what its owner raises for a damaged file."""

_KEPT_BYTES = 8 * 2**20
_MOST_BYTES = 256 * 2**20
_MOST_BYTES_OF_A_RUN = 2**30
"""No event and no run grows longer than this: an untrusted history may name one text a million times."""
OF_RUN = (
    "SELECT run_id, seq, kind, line, refs FROM events WHERE run_id = ?1"
    " UNION ALL SELECT run_id, seq, kind, line, NULL FROM events_3 WHERE run_id = ?1 ORDER BY seq"
)
"""All rows of a run; those that are not converted yet are lines that are complete."""
_LIST = (
    "WITH RECURSIVE chain (id, before, item) AS (SELECT id, before, item FROM lists WHERE id = ?"
    " UNION ALL SELECT l.id, l.before, l.item FROM lists AS l, chain"
    " WHERE l.id = chain.before AND l.id < chain.id LIMIT ?)"
    " SELECT chain.id, before, item, body FROM chain JOIN texts ON texts.id = item"
)

_refs = msgspec.json.Decoder(Refs).decode
_group = msgspec.json.Decoder(DeltaGroup).decode
_values: dict[str, Callable[[bytes], object]] = {
    "history": msgspec.json.Decoder(Message).decode,
    "tools": msgspec.json.Decoder(JsonObject).decode,
    "attachments": msgspec.json.Decoder(Attachment).decode,
}


class EventDamaged(StoreError):
    """An event cannot be read; those before it can."""


class _Items(NamedTuple):
    """A list, what was made of its texts, and how long all of them are."""

    list_id: int
    values: tuple[Any, ...]
    size: int


_AT_FIRST = 8
"""How much of a list is read first, and by what factor it grows each time: most often its beginning is known."""
_NOTHING = _Items(0, (), 0)


class EventReader:
    """Contents are read once, and what is made of them is shared by the events. Thread-safe."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._lists: dict[int, tuple[int, int]] = {}
        self._texts: dict[int, bytes] = {}
        self._sizes: dict[int, int] = {}
        self._made: dict[tuple[str, int], object] = {}
        self._newest: dict[tuple[str, int], _Items] = {}
        self._kept_bytes = 0

    def of_run(self, run_id: str, *, deltas: bool = True) -> Iterator[RunEvent]:
        """The events of a run, streamed pieces only with `deltas`; raises `EventDamaged` at the first that cannot be
        read, after those before it."""
        size = 0
        for row in self._read(OF_RUN, (run_id,)):
            if not deltas and row[2] == DELTAS:
                continue
            for event in self.events(*row):
                size += _size(event)
                if size > _MOST_BYTES_OF_A_RUN:
                    raise _damaged(run_id, event.seq, "the run would be absurdly long")
                yield event

    def events(self, run_id: str, seq: int, kind: str, line: bytes, refs: str | None) -> list[RunEvent]:
        """The event in a row; raises `EventDamaged`."""
        try:
            content = unpacked(line)
            if kind == DELTAS:
                return _group(content).events(RunId(run_id), seq)
            event = decode_event(content)
            if refs is None:
                return [event]
            with self._lock:
                return [msgspec.structs.replace(event, **self._fields(kind, _refs(refs)))]
        except (msgspec.MsgspecError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise _damaged(run_id, seq, error) from None

    def _fields(self, kind: str, refs: Refs) -> dict[str, object]:
        if self._kept_bytes > _KEPT_BYTES:
            for kept in (self._lists, self._texts, self._sizes, self._made, self._newest):
                kept.clear()
            self._kept_bytes = 0
        fields: dict[str, object] = {}
        for name, pieces in refs.items():
            if name in LISTS.get(kind, ()):
                [values] = self._lists_of(name, pieces)
                fields[name] = list(values) if name == "tools" else tuple(values)
            elif name == "body_json" and name in TEXTS.get(kind, ()):
                fields["body"] = SharedText(*self._lists_of(name, pieces))
            elif name in TEXTS.get(kind, ()):
                fields[name] = SharedText(*self._lists_of(name, pieces)).text
            else:
                raise ValueError(f"{kind} has no shared {name}")
        return fields

    def _lists_of(self, name: str, pieces: list[str | int]) -> list[Any]:
        """The lists that are named, each with what is made of its texts; what is a text itself stays."""
        found: list[Any] = []
        size = 0
        for place, piece in enumerate(pieces):
            if name in _values and isinstance(piece, str):
                raise ValueError(f"{piece!r} is no list")
            if isinstance(piece, int):
                items = self._items((name, place), piece)
                size += items.size
                found.append(items.values)
            else:
                found.append(piece)
        if size > _MOST_BYTES:
            raise ValueError("it would be absurdly long")
        return found

    def _items(self, use: tuple[str, int], list_id: int) -> _Items:
        """A list from its beginning. What was read last for the same use is most often its beginning."""
        known = self._newest.get(use, _NOTHING)
        new: list[int] = []
        rest, most = list_id, _AT_FIRST
        while rest != known.list_id and rest:
            if rest not in self._lists:
                self._load(rest, most)
                most *= _AT_FIRST
            rest, item = self._lists[rest]
            new.append(item)
        if not rest:
            known = _NOTHING
        values = (*known.values, *(self._value(use[0], item) for item in reversed(new)))
        size = known.size + sum(self._sizes[item] for item in new)
        items = self._newest[use] = _Items(list_id, values, size)
        return items

    def _value(self, name: str, item: int) -> object:
        made = self._made.get((name, item))
        if made is None:
            made = self._made[name, item] = _values.get(name, bytes.decode)(self._texts[item])
        return made

    def _load(self, list_id: int, most: int) -> None:
        """Read a list towards its beginning."""
        for number, before, item, body in self._read(_LIST, (list_id, most)):
            self._lists[number] = (before if before < number else -1, item)
            if item not in self._texts:
                text = self._texts[item] = unpacked(body)
                self._sizes[item] = len(text)
                self._kept_bytes += len(text)
        if list_id not in self._lists:
            raise ValueError("content is missing")


def _size(event: RunEvent) -> int:
    match event:
        case RunStarted():
            return 8 * len(event.history)
        case RequestSent():
            return 8 * event.body.piece_count
        case _:
            return 0


def _damaged(run_id: str, seq: int, why: object) -> EventDamaged:
    return EventDamaged(
        f"event {seq} of run {run_id} is damaged, or of a newer program: {why}",
        hint="It can be played back as far as it can be read.",
    )
