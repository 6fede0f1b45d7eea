"""Writes events into the run database as `store.stored_event` says, without keys."""

import sqlite3
from collections.abc import Iterable

import msgspec

from workbench.core.event import (
    RequestSent,
    ResponseDelta,
    RunEvent,
    RunStarted,
    ToolCallSettled,
    decode_event,
    encode_event,
    kind_of,
)
from workbench.core.ids import RunId
from workbench.core.json_text import without_surrogates
from workbench.core.shared_text import SharedText
from workbench.store.content_writer import ContentWriter
from workbench.store.packing import MOST_BYTES, packed
from workbench.store.redaction import Redactor
from workbench.store.stored_event import COLUMNS, DELTAS, LISTS, DeltaGroup, EventRow, Refs

_LEAST_BYTES = 160
"""What is shorter stays in its event."""
_INSERT = f"INSERT OR IGNORE INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"
_USE = "INSERT OR IGNORE INTO uses (run_id, list) VALUES (?, ?)"

_encode = msgspec.json.Encoder().encode
_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class EventWriter:
    """Used inside the transactions of one writing connection."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._contents = ContentWriter(redactor)

    def forget(self) -> None:
        """Call it when a transaction was undone."""
        self._contents.forget()

    def insert(self, connection: sqlite3.Connection, events: Iterable[RunEvent]) -> None:
        """Write the events in their order; one that is there already stays as it is."""
        self._contents.begin(connection)
        rows: list[EventRow] = []
        streaming: dict[RunId, list[ResponseDelta]] = {}
        for event in events:
            pieces = streaming.get(event.run_id)
            if isinstance(event, ResponseDelta) and not event.later:
                if pieces and _follows(event, pieces[-1]):
                    pieces.append(event)
                    continue
                streaming[event.run_id] = [event]
            else:
                streaming.pop(event.run_id, None)
            if pieces:
                rows.append(self._delta_row(pieces))
            if not isinstance(event, ResponseDelta) or event.later:
                rows.append(self._row(connection, event))
        rows += [self._delta_row(pieces) for pieces in streaming.values()]
        connection.executemany(_INSERT, rows)

    def _delta_row(self, pieces: list[ResponseDelta]) -> EventRow:
        last = pieces[-1]
        group = DeltaGroup(last.span, last.type, last.index, last.tool, tuple((each.at, each.text) for each in pieces))
        try:
            line = _encode(group)
        except UnicodeEncodeError:
            line = _encode(without_surrogates(msgspec.to_builtins(group)))
        return last.run_id, last.seq, DELTAS, last.at, packed(self._redactor.line(line)), None

    def _row(self, connection: sqlite3.Connection, event: RunEvent) -> EventRow:
        line, refs = self._taken_apart(connection, event)
        if refs:
            lists = [piece for pieces in refs.values() for piece in pieces if isinstance(piece, int)]
            connection.executemany(_USE, [(event.run_id, list_id) for list_id in lists])
        stored = packed(self._redactor.line(line))
        return event.run_id, event.seq, kind_of(event), event.at, stored, _encode(refs).decode() if refs else None

    def _taken_apart(self, connection: sqlite3.Connection, event: RunEvent) -> tuple[bytes, Refs]:
        """The event's line without what is stored once, and where that is."""
        is_large = isinstance(event, ToolCallSettled) and bool(event.attachments)
        if not is_large and not isinstance(event, RunStarted | RequestSent):
            return encode_event(event), {}
        assert isinstance(event, RunStarted | RequestSent | ToolCallSettled)
        try:
            return self._apart(connection, event)
        except UnicodeEncodeError:
            cleaned = decode_event(encode_event(event))
            assert isinstance(cleaned, RunStarted | RequestSent | ToolCallSettled)
            return self._apart(connection, cleaned)

    def _apart(
        self, connection: sqlite3.Connection, event: RunStarted | RequestSent | ToolCallSettled
    ) -> tuple[bytes, Refs]:
        refs: Refs = {}
        if isinstance(event, RequestSent):
            if body := self._body(connection, event.body_json.encode()):
                refs["body_json"] = body
                event = msgspec.structs.replace(event, body=SharedText())
            return encode_event(event), refs
        for name in LISTS[kind_of(event)]:
            raw = _encode(getattr(event, name))
            if (list_id := self._array(connection, raw)) is not None:
                refs[name] = [list_id]
        instructions = event.instructions.encode() if isinstance(event, RunStarted) else b""
        if _LEAST_BYTES <= len(instructions) <= MOST_BYTES:
            clean = self._redactor.text(instructions.decode()).encode()
            refs["instructions"] = [self._contents.text(connection, clean)]
        left = {name: "" if name == "instructions" else () for name in refs}
        return _encode(msgspec.structs.replace(event, **left)), refs

    def _body(self, connection: sqlite3.Connection, body: bytes) -> list[str | int]:
        """The pieces of a request's body; none when it cannot be put together again exactly."""
        try:
            members = _members(body)
        except msgspec.DecodeError:
            return []
        parts: list[bytes | msgspec.Raw] = []
        text = b""
        for name, value in members.items():
            text += (b"," if text or parts else b"{") + _encode(name) + b":"
            if _LEAST_BYTES <= len(bytes(value)) <= MOST_BYTES:
                parts += [text, value]
                text = b""
            else:
                text += bytes(value)
        parts.append(text + b"}")
        if len(parts) == 1 or b"".join(map(bytes, parts)) != body:
            return []
        pieces: list[str | int] = []
        for part in parts:
            if isinstance(part, bytes):
                pieces.append(self._redactor.line(part).decode())
                continue
            raw = bytes(part)
            list_id = self._array(connection, raw) if raw.startswith(b"[") else None
            if list_id is not None:
                pieces += ["[", list_id, "]"]
            else:
                pieces.append(self._contents.text(connection, self._redactor.line(raw)))
        return pieces

    def _array(self, connection: sqlite3.Connection, raw: bytes) -> int | None:
        return self._contents.array(connection, raw) if len(raw) >= _LEAST_BYTES else None


def _follows(event: ResponseDelta, last: ResponseDelta) -> bool:
    return (
        event.seq == last.seq + 1
        and event.index == last.index
        and event.type == last.type
        and event.span == last.span
        and event.tool == last.tool
    )
