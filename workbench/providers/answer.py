"""Reads one answer: a stream of events as it should be, or plain JSON from a server that does not stream."""

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelResponse, StreamItem
from workbench.core.server_words import words_of_body
from workbench.providers.door import WholeCharacters, guarded_items, json_value, whole_text
from workbench.providers.sse import SseEvent, SseReader, is_ping
from workbench.providers.think_tags import ThinkTags

T = TypeVar("T")
R = TypeVar("R")

_ODD_SHAPES = (
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
    RecursionError,
    msgspec.MsgspecError,
)
_BOM = b"\xef\xbb\xbf"
MAX_ANSWER_BYTES = 128 * 1024 * 1024
"""Several times what the longest answers of today take; a server that never ends must not fill the memory."""
_QUOTED_BYTES = 64 * 1024
_STREAM_WORDS = (b":", b"data", b"event", b"id", b"retry")


class Reading(msgspec.Struct, frozen=True):
    """How the answers of one connection are read, where its server does not keep to its wire.

    `accept_done`: `[DONE]` ends an answer also where nothing says how it ended. `think_tags`: text between `<think>`
    tags at the start of an answer is reasoning.
    """

    accept_done: bool = False
    think_tags: bool = False


STRICT = Reading()
"""Nothing but the wire's own ending counts, and text is text."""


class EventFold(Protocol):
    """A wire format's state machine. Pure."""

    @property
    def is_complete(self) -> bool:
        """The format's own terminal event has come; only something like usage may follow."""
        ...

    def feed(self, event: SseEvent) -> list[StreamItem]:
        """Process one event. Raises `ProviderFailure` for a provider's own error event."""
        ...

    def finish(self) -> list[StreamItem]:
        """The response, unless `feed` gave it. Raises `ProviderFailure` of kind `cut_off` when there is none."""
        ...


def cut_off(why: str, *, has_done: bool = False) -> ProviderFailure:
    """The failure for an answer without its format's own end. `has_done`: `[DONE]` came, which a switch accepts."""
    hint = "Nothing in it was run. Send the message again."
    if has_done:
        hint += (
            " If this server always ends its answers with [DONE] alone, turn on “Accept [DONE] without a finish reason”"
            " (accept_done) in its connection."
        )
    return ProviderFailure(f"The answer was cut off: {why}.", kind="cut_off", hint=hint)


class AnswerReader:
    """Bytes in, deltas and finally one response out. Give it pieces as they come, then `finish`."""

    def __init__(
        self,
        fold: EventFold,
        decode_body: Callable[[bytes], ModelResponse],
        *,
        max_bytes: int = MAX_ANSWER_BYTES,
        splits_think: bool = False,
    ) -> None:
        """`splits_think`: text between `<think>` tags at the start of a text is reasoning."""
        self._max_bytes = max_bytes
        self._bytes = 0
        self._fold = fold
        self._decode_body = decode_body
        self._sse = SseReader()
        self._start = b""
        self._json: list[bytes] | None = None
        self._is_sniffed = False
        self._has_event = False
        self._has_delta = False
        self._has_response = False
        self._partial: list[str] = []
        self._whole = WholeCharacters()
        self._think = ThinkTags() if splits_think else None

    @property
    def is_complete(self) -> bool:
        """The terminal event has come."""
        return self._fold.is_complete

    @property
    def has_response(self) -> bool:
        """The whole response has been given out."""
        return self._has_response

    def feed(self, piece: bytes) -> Iterator[StreamItem]:
        """The items completed by `piece`, also those before an event that raises. Raises `ProviderFailure`."""
        self._bytes += len(piece)
        if self._bytes > self._max_bytes:
            raise ProviderFailure(f"The answer is longer than {self._max_bytes:,} bytes.", kind="malformed")
        if not self._is_sniffed:
            piece = self._sniff(piece)
        if self._json is not None:
            self._json.append(piece)
            return
        for event in self._sse.feed(piece):
            self._has_event = True
            if not is_ping(event):
                yield from self._noted(self._guarded(self._fold.feed, event))

    def finish(self) -> Iterator[StreamItem]:
        """What remains at the end of the body; raises `ProviderFailure` unless the answer is whole."""
        if self._json is not None:
            body = b"".join(self._json)
            try:
                response = self._guarded(self._decode_body, body)
            except ProviderFailure as failure:
                raise (_quoting(failure, body) if failure.kind == "malformed" else failure) from None
            yield from self._noted([response])
            return
        last = self._sse.finish()
        if last is not None and is_ping(last):
            self._has_event, last = True, None
        if last is not None and (last.data.strip() == b"[DONE]" or _is_json(last.data)):
            self._has_event = True
            yield from self._noted(self._guarded(self._fold.feed, last))
        elif not self._has_event and not self._looks_like_a_stream():
            neither = ProviderFailure("The answer is neither a stream of events nor JSON.", kind="malformed")
            raise _quoting(neither, self._sse.stray or self._start)
        if not self._has_response:
            try:
                items = self._fold.finish()
            except ProviderFailure as failure:
                raise _quoting(failure, self._sse.stray) from None
            yield from self._noted(items)

    def with_partial(self, failure: ProviderFailure) -> ProviderFailure:
        """`failure` with what had arrived before it, as text that any file can hold."""
        failure.message, failure.code = whole_text(failure.message), whole_text(failure.code)
        failure.partial_text = failure.partial_text or "".join(self._partial)
        failure.has_partial = failure.has_partial or self._has_delta
        return failure

    def _sniff(self, piece: bytes) -> bytes:
        """Decide by the first real byte; the content type is often wrong. No event stream begins with a brace."""
        self._start += piece
        start = self._start.removeprefix(_BOM).lstrip()
        if not start:
            return b""
        self._is_sniffed = True
        if start[:1] in (b"{", b"["):
            self._json = []
        return self._start

    def _looks_like_a_stream(self) -> bool:
        start = self._start.removeprefix(_BOM).lstrip()
        return start.startswith(_STREAM_WORDS) or any(word.startswith(start) for word in _STREAM_WORDS)

    def _guarded(self, step: Callable[[T], R], value: T) -> R:
        try:
            return step(value)
        except _ODD_SHAPES:
            pass  # a document of an unexpected shape; raised below, so that no traceback holds its text
        raise ProviderFailure("The answer does not have the shape of this wire format.", kind="malformed")

    def _noted(self, items: list[StreamItem]) -> list[StreamItem]:
        items = guarded_items(items if self._think is None else self._think.through(items), self._whole)
        for item in items:
            if isinstance(item, Delta):
                self._has_delta = True
                if item.type == "text":
                    self._partial.append(item.text)
            else:
                self._has_response = True
        return items


def _quoting(failure: ProviderFailure, said: bytes) -> ProviderFailure:
    """`failure`, with what the server said instead of an answer."""
    words = words_of_body(said[:_QUOTED_BYTES])
    if words:
        failure.message = f"{failure.message} The server said: {words}"
        failure.args = (failure.message,)
    return failure


def _is_json(data: bytes) -> bool:
    try:
        json_value(data)
    except ValueError:
        return False
    return True
