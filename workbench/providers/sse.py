"""Server-sent events: bytes as they arrive in, whole events out.

Works on bytes so that a character or a line torn between two reads costs nothing, and so that the data can
go to the JSON decoder without being copied into text first.
"""

from typing import NamedTuple

from workbench.core.errors import ProviderFailure

MAX_EVENT_BYTES = 16 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_FIELDS = (b":", b"id", b"retry", b"event", b"data")
_KEPT_BYTES = 8 * 1024
_PINGS = frozenset({"ping", "pong", "heartbeat", "keepalive", "keep-alive", "keep_alive"})
_NOTHING = frozenset({b"", b"null", *(word.encode() for word in _PINGS)})


class SseEvent(NamedTuple):
    """One event. `name` is empty when the server did not name it; `data` has its lines joined by line feeds."""

    name: str
    data: bytes


def is_ping(event: SseEvent) -> bool:
    """Whether an event only keeps the connection open. Servers write that as a comment, as the format has it, but also
    as an event without data, as a word, and as an event of that name."""
    return event.name.lower() in _PINGS or event.data.strip().lower() in _NOTHING


class SseReader:
    """Feed it the body piece by piece; LF, CRLF and CR line ends, comments and a byte order mark are understood."""

    def __init__(self, *, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max_event_bytes = max_event_bytes
        self._rest: list[bytes] = []
        self._data: list[bytes] = []
        self._name = ""
        self._rest_bytes = 0
        self._data_bytes = 0
        self._is_first_line = True
        self._ends_with_cr = False
        self.stray = b""
        """The last lines that belong to no event: what a server or proxy writes when it gives up in mid-stream."""

    def feed(self, piece: bytes) -> list[SseEvent]:
        """The events completed by `piece`. Raises `ProviderFailure` when one event outgrows the limit."""
        if self._ends_with_cr and piece:
            self._ends_with_cr = False
            if piece.startswith(b"\n"):
                piece = piece[1:]
        if b"\r" in piece:
            self._ends_with_cr = piece.endswith(b"\r")
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if b"\n" not in piece:
            if piece:
                self._rest.append(piece)
                self._rest_bytes += len(piece)
                self._check_size()
            return []
        if self._rest:
            self._rest.append(piece)
            piece = b"".join(self._rest)
        events: list[SseEvent] = []
        *blocks, end = piece.split(b"\n\n")
        for block in blocks:
            if block.startswith(b"data: ") and b"\n" not in block and not (self._data or self._name):
                self._is_first_line = False
                events.append(SseEvent("", block[6:]))  # what nearly all events are
                continue
            for line in block.split(b"\n"):
                self._take_line(line, events)
            self._take_line(b"", events)
        *lines, rest = end.split(b"\n")
        self._rest = [rest] if rest else []
        self._rest_bytes = len(rest)
        for line in lines:
            self._take_line(line, events)
        self._check_size()
        return events

    def finish(self) -> SseEvent | None:
        """What a server left without its closing blank line; the caller decides whether it is whole."""
        events: list[SseEvent] = []
        if self._rest:
            self._take_line(b"".join(self._rest), events)
            self._rest = []
        self._take_line(b"", events)
        return events[0] if events else None

    def _take_line(self, line: bytes, events: list[SseEvent]) -> None:
        if self._is_first_line:
            self._is_first_line = False
            line = line.removeprefix(_BOM)
        if not line:
            if self._data:
                data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
                events.append(SseEvent(self._name, data))
                self._data = []
            self._name = ""
            self._data_bytes = 0
        elif line.startswith(b"data:"):
            self._data.append(line[6:] if line[5:6] == b" " else line[5:])
            self._data_bytes += len(line)
        elif line.startswith(b"event:"):
            self._name = line[6:].strip().decode("utf-8", "replace")
        elif line == b"data":
            self._data.append(b"")
        elif line.startswith(b"error:"):  # a field of its own that some servers use for what went wrong
            events.append(SseEvent("error", line[6:].strip()))
        elif not line.startswith(_FIELDS):
            self.stray = (self.stray + line + b"\n")[-_KEPT_BYTES:]

    def _check_size(self) -> None:
        if self._rest_bytes + self._data_bytes > self._max_event_bytes:
            raise ProviderFailure(
                f"The answer contains one event of more than {self._max_event_bytes:,} bytes.", kind="malformed"
            )
