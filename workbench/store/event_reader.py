"""Puts events together again from the rows of the run database; see `store.stored_event`."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from workbench.core.errors import StoreError
from workbench.core.event import RequestSent, RunEvent, RunStarted, decode_event
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject
from workbench.core.message import Message
from workbench.store.packing import unpacked
from workbench.store.stored_event import DELTAS, LISTS, TEXTS, DeltaGroup, Refs

Read = Callable[[str, tuple[object, ...]], list[tuple[Any, ...]]]
"""Runs a query and gives all rows; raises what its owner raises for a damaged file."""

_KEPT_BYTES = 8 * 2**20
_MOST_BYTES = 256 * 2**20
_MOST_BYTES_OF_A_RUN = 2**30
"""No event and no run grows longer than this: a history from anywhere may name one text a million times."""
OF_RUN = (
    "SELECT run_id, seq, kind, line, refs FROM events WHERE run_id = ?1"
    " UNION ALL SELECT run_id, seq, kind, line, NULL FROM events_3 WHERE run_id = ?1 ORDER BY seq"
)
"""All rows of a run; those that are not converted yet are lines that are complete."""
_LIST = (
    "WITH RECURSIVE chain (id, before, item) AS (SELECT id, before, item FROM lists WHERE id = ?"
    " UNION ALL SELECT l.id, l.before, l.item FROM lists AS l, chain WHERE l.id = chain.before AND l.id < chain.id)"
    " SELECT chain.id, before, item, body FROM chain JOIN texts ON texts.id = item"
)

_refs = msgspec.json.Decoder(Refs).decode
_group = msgspec.json.Decoder(DeltaGroup).decode
_values: dict[str, Callable[[bytes], object]] = {
    "history": msgspec.json.Decoder(Message).decode,
    "tools": msgspec.json.Decoder(JsonObject).decode,
}


class EventDamaged(StoreError):
    """An event cannot be read; those before it can."""


class EventReader:
    """Contents are read once, and what is made of them is shared by the events. Thread-safe."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._lists: dict[int, tuple[int, int]] = {}
        self._texts: dict[int, bytes] = {}
        self._made: dict[tuple[str, int], object] = {}
        self._kept_bytes = 0

    def of_run(self, run_id: str) -> Iterator[RunEvent]:
        """The events of a run; raises `EventDamaged` at the first that cannot be read, after those before it."""
        size = 0
        for row in self._read(OF_RUN, (run_id,)):
            for event in self.events(*row):
                size += _size(event)
                if size > _MOST_BYTES_OF_A_RUN:
                    raise _damaged(run_id, event.seq, "the run would be of an absurd length")
                yield event

    def events(self, run_id: str, seq: int, kind: str, line: bytes, refs: str | None) -> list[RunEvent]:
        """What a row stands for; raises `EventDamaged`."""
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
            for kept in (self._lists, self._texts, self._made):
                kept.clear()
            self._kept_bytes = 0
        fields: dict[str, object] = {}
        for name, pieces in refs.items():
            if name in LISTS.get(kind, ()):
                items = [item for list_id in pieces for item in self._items(list_id)]
                values = [self._value(name, item) for item in items]
                fields[name] = tuple(values) if name == "history" else values
            elif name in TEXTS.get(kind, ()):
                fields[name] = self._text(pieces)
            else:
                raise ValueError(f"{kind} has no shared {name}")
        return fields

    def _text(self, pieces: list[str | int]) -> str:
        parts: list[bytes] = []
        size = 0
        for piece in pieces:
            if isinstance(piece, str):
                parts.append(piece.encode())
                continue
            texts = [self._texts[item] for item in self._items(piece)]
            size += sum(map(len, texts))
            if size > _MOST_BYTES:
                raise ValueError("it would be of an absurd length")
            parts.append(b",".join(texts))
        return b"".join(parts).decode()

    def _value(self, name: str, item: int) -> object:
        made = self._made.get((name, item))
        if made is None:
            made = self._made[name, item] = _values[name](self._texts[item])
        return made

    def _items(self, list_id: str | int) -> list[int]:
        """The numbers of the texts of a list, in order."""
        items: list[int] = []
        while list_id:
            assert isinstance(list_id, int)
            node = self._lists.get(list_id) or self._loaded(list_id)
            list_id, item = node
            items.append(item)
        return items[::-1]

    def _loaded(self, list_id: int) -> tuple[int, int]:
        """Read a list down to its beginning."""
        for number, before, item, body in self._read(_LIST, (list_id,)):
            self._lists[number] = (before if before < number else -1, item)
            if item not in self._texts:
                text = self._texts[item] = unpacked(body)
                self._kept_bytes += len(text)
        if list_id not in self._lists:
            raise ValueError("content is missing")
        return self._lists[list_id]


def _size(event: RunEvent) -> int:
    match event:
        case RunStarted():
            return 8 * len(event.history)
        case RequestSent():
            return len(event.body_json)
        case _:
            return 0


def _damaged(run_id: str, seq: int, why: object) -> EventDamaged:
    return EventDamaged(
        f"event {seq} of run {run_id} is damaged, or of a newer program: {why}",
        hint="It can be played back as far as it can be read.",
    )
