"""The one gate that keeps keys away from disk, logs, exports and the clipboard."""

import json
import threading
from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from workbench.core.event import RunEvent, decode_event, encode_event
from workbench.core.secret import is_secret, mark_of, spellings

_LEAST_HALF = 12
"""Fewer characters of a key reveal nothing: all keys of a vendor begin with them."""


Place = tuple[int, int, str]
"""From where to where a key is in a text, and the mark that goes there."""


class _Spelling(msgspec.Struct, frozen=True):
    """A text that gives a key away, and how much of its beginning is enough to be hidden."""

    text: str
    head: str
    mark: str


class Redactor:
    """Replaces every live key, in every spelling of `core.secret`, by a mark that shows at most its last four
    characters. Where a text was cut off inside a key, the first half of the key is replaced as well.

    The key store adds each key the moment it is read. Thread-safe.
    """

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()
        self._spellings: tuple[_Spelling, ...] = ()
        self._heads: tuple[bytes, ...] = ()
        self._sorted: tuple[str, ...] = ()
        self._longest = 0
        self._first_letters: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def add(self, secret: str) -> None:
        """Never let `secret` through from now on. What is no secret (see `core.secret.is_secret`) is ignored."""
        if secret in self._known or not is_secret(secret):
            return
        with self._lock:
            self._known |= {secret}
            found = {text: mark_of(known) for known in sorted(self._known) for text in spellings(known)}
            # The longest first: one key may be the beginning of another.
            ordered = sorted(found.items(), key=lambda pair: -len(pair[0]))
            self._spellings = tuple(_Spelling(text, text[: _half(text)], mark) for text, mark in ordered)
            self._heads = tuple(each.head.encode("utf-8", "surrogatepass") for each in self._spellings)
            self._first_letters = frozenset(text[0] for text in found)
            self._sorted = tuple(sorted(found))
            self._longest = len(ordered[0][0])

    @property
    def key_count(self) -> int:
        """How many keys it knows; it grows with each new one."""
        return len(self._known)

    def text(self, text: str) -> str:
        """`text` without any key."""
        places = self.places(text)
        return replaced(text, places) if places else text

    def line(self, line: bytes) -> bytes:
        """An encoded event without any key."""
        for head in self._heads:  # a loop: a generator would take twice as long, for every event
            if head in line:
                break
        else:
            return line
        text = line.decode("utf-8", "surrogatepass")
        places = [
            (start, _end_of_escapes(text, start, end), json.dumps(mark)[1:-1]) for start, end, mark in self.places(text)
        ]
        return replaced(text, places).encode("utf-8", "surrogatepass")

    def event(self, event: RunEvent) -> RunEvent:
        """The event as it is recorded."""
        line = encode_event(event)
        clean = self.line(line)
        return event if clean is line else decode_event(clean)

    def places(self, text: str, until: int | None = None) -> list[Place]:
        """Where in `text` keys begin before `until`, in order: whole ones, and what is left of those cut off."""
        found = [each for each in self._spellings if each.head in text]
        places: list[Place] = []
        for whole in (True, False):
            for each in found:
                at = text.find(each.text if whole else each.head)
                while 0 <= at < (len(text) if until is None else until):
                    end = at + _shared_length(text, at, each.text)
                    if not any(start < end and at < stop for start, stop, _ in places):
                        places.append((at, end, each.mark))
                    at = text.find(each.text if whole else each.head, end)
        return sorted(places)

    def open_end(self, text: str) -> int:
        """Where the end of `text` begins that may be the beginning of a key; the length of `text` if there is none."""
        known = self._sorted
        for start in range(max(0, len(text) - self._longest), len(text)):
            if text[start] in self._first_letters:
                end = text[start:]
                at = bisect_right(known, end)  # the first that is longer, if any begins like this
                if at < len(known) and known[at].startswith(end):
                    return start
        return len(text)


def replaced(text: str, places: Iterable[Place]) -> str:
    """`text` with each mark in its place."""
    parts: list[str] = []
    done = 0
    for start, end, mark in places:
        parts += (text[done:start], mark)
        done = end
    return "".join((*parts, text[done:]))


def _shared_length(text: str, start: int, secret: str) -> int:
    """How much of `secret` is in `text` from `start`."""
    if text.startswith(secret, start):
        return len(secret)
    pairs = zip(text[start : start + len(secret)], secret, strict=False)
    return next((number for number, (one, other) in enumerate(pairs) if one != other), len(text) - start)


def _half(text: str) -> int:
    return min(len(text), max(_LEAST_HALF, (len(text) + 1) // 2))


def _end_of_escapes(text: str, start: int, end: int) -> int:
    """`end`, or one less: where half of an escape would be left, and change what follows."""
    slashes = end - start - len(text[start:end].rstrip("\\"))
    return end - slashes % 2
