"""The events of an MCP stream as servers really send them, made into events that hold one message each. Pure.

Pings, comments, events without data, words that are no message and events of another type are passed over; for some of
them the SDK would end the call. What they said is kept for the case that nothing else comes. A message over several
lines or in a batch, and an answer under another type, are read.
"""

import re
from typing import TYPE_CHECKING

from workbench.core.json_text import compact
from workbench.core.server_words import clip, words_of_body
from workbench.executors.mcp_message import read_messages

if TYPE_CHECKING:
    from mcp_types import JSONRPCMessage

_LINE_END = re.compile(rb"\r\n|\n|\r")
_STRAY_BYTES = 8 * 1024


class MessageEvents:
    """Feed it the body piece by piece, then `finish`; given back is a body for the SDK. LF, CRLF and CR end lines."""

    def __init__(self) -> None:
        self._rest = b""
        self._fields: dict[bytes, bytes] = {}
        self._data: list[bytes] = []
        self._bytes = 0
        self._stray = b""
        self.has_answer = False
        """A result or an error has come."""
        self.can_resume = False
        """The server has numbered its events, so that the rest may come in another stream."""

    @property
    def waiting_bytes(self) -> int:
        """How long the event is that is not whole yet."""
        return self._bytes + len(self._rest)

    @property
    def stray_words(self) -> str:
        """The last of what was no message."""
        return words_of_body(self._stray)

    def feed(self, piece: bytes) -> bytes:
        """The events that `piece` completes."""
        text = self._rest + piece
        end = len(text) - text.endswith(b"\r")  # a line feed may follow
        *lines, rest = _LINE_END.split(text[:end])
        self._rest = rest + text[end:]
        return b"".join(map(self._take, lines))

    def finish(self) -> bytes:
        """An event that lacks nothing but its last blank line."""
        last, self._rest = self._rest.removesuffix(b"\r"), b""
        return self._take(last) + self._take(b"") if last else self._take(b"")

    def _take(self, line: bytes) -> bytes:
        if not line:
            return self._event()
        self._bytes += len(line)
        name, _, value = line.removeprefix(b"\xef\xbb\xbf").partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
        elif name in (b"id", b"retry", b"event"):
            self._fields[name] = value
        elif name:
            self._keep(line)
        return b""

    def _event(self) -> bytes:
        fields, data = self._fields, b"\n".join(self._data)
        self._fields, self._data, self._bytes = {}, [], 0
        head = b"".join(b"%s: %s\n" % (name, fields[name]) for name in (b"id", b"retry") if name in fields)
        self.can_resume = self.can_resume or bool(fields.get(b"id"))
        messages = read_messages(data) if data.strip() else []
        if fields.get(b"event", b"message") not in (b"", b"message"):
            messages = [message for message in messages if not hasattr(message, "method")]
        if not messages:
            self._keep(data)
            return head + b"data:\n\n" if head else b""
        self.has_answer = self.has_answer or any(not hasattr(message, "method") for message in messages)
        return head + b"".join(map(message_event, messages))

    def _keep(self, said: bytes) -> None:
        if said.strip():
            self._stray = (self._stray + said + b"\n")[-_STRAY_BYTES:]


def message_event(message: "JSONRPCMessage") -> bytes:
    """The event that holds this message."""
    return b"data: " + message.model_dump_json(by_alias=True, exclude_unset=True).encode("utf-8") + b"\n\n"


def error_event(call: int | str | None, code: int, message: str, said: str = "") -> bytes:
    """An event that ends the call with an error, in the server's own words where it `said` any."""
    words = f"{message}. It said: {clip(said)}" if said else message
    document = {"jsonrpc": "2.0", "id": call, "error": {"code": code, "message": words}}
    return b"data: " + compact(document).encode("utf-8") + b"\n\n"
