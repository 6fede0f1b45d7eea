"""Finding a text in a conversation: in the entries, not in widgets, so that it may be as long as it likes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.app.search import HitKind, SearchHit
from workbench.core.errors import MalformedJson
from workbench.core.json_text import parse_strict, pretty
from workbench.core.search_query import SearchQuery, folded
from workbench.viewmodels.chat import ChatViewModel
from workbench.viewmodels.chat_entry import CallEntry, ChatEntry, EntryKey, HeadEntry, NoticeEntry, TextEntry, UserEntry
from workbench.viewmodels.signal import Signal

FoundPart = Literal["text", "tool", "arguments", "result"]
Span = tuple[int, int]

_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_SIGNS = re.compile(r"[*`~]+|(?<!\w)_+|_+(?!\w)|^#{1,6} +|^ *> ?", re.MULTILINE)
_MAX_PRETTY = 200_000
_PARTS: dict[HitKind, tuple[FoundPart, ...]] = {
    "call": ("tool", "arguments"),
    "result": ("result",),
    "error": ("result", "text"),
}


@dataclass(frozen=True)
class FoundPlace:
    """The `nth` time (from 0) that the text stands in one part of an entry."""

    key: EntryKey
    part: FoundPart
    nth: int


class ChatFind:
    """What is looked for in one conversation, where it stands, and which of these places is the current one."""

    def __init__(self, chat: ChatViewModel) -> None:
        self.words = ""
        self.places: tuple[FoundPlace, ...] = ()
        self.at = -1
        """The current one of `places`, -1 when there is none."""
        self.changed: Signal[[]] = Signal()
        self._chat = chat
        self._query: SearchQuery | None = None
        self._where: dict[EntryKey, int] = {}
        self._known: dict[EntryKey, tuple[tuple[tuple[FoundPart, str], ...], tuple[int, ...]]] = {}

    @property
    def current(self) -> FoundPlace | None:
        """The place that is shown."""
        return self.places[self.at] if 0 <= self.at < len(self.places) else None

    @property
    def count_words(self) -> str:
        """`3 of 41`."""
        if not self.words:
            return ""
        return f"{self.at + 1:,} of {len(self.places):,}" if self.places else "Nothing was found"

    def look_for(self, words: str, *, near: int = 0) -> None:
        """Look for these words as they stand; the current place is the first one in the entry `near` or after it."""
        self.words, self._query = words, None
        self._known.clear()
        self._count()
        self.at = next((number for number, place in enumerate(self.places) if self._where[place.key] >= near), -1)
        if self.at < 0 and self.places:
            self.at = 0
        self.changed.emit()

    def look_for_hit(self, words: str, hit: SearchHit) -> bool:
        """Look for these words as search everywhere reads them, what it found being the current place; False when that
        is not said in the conversation."""
        self.words, self._query = words, SearchQuery.read(words)
        self._known.clear()
        self._count()
        keys = self._keys_of(hit)
        fitting = [number for number, place in enumerate(self.places) if place.key in keys]
        own = [number for number in fitting if self.places[number].part in _PARTS.get(hit.kind, ("text",))]
        self.at = next(iter(own or fitting), -1)
        self.changed.emit()
        return self.at >= 0

    def _keys_of(self, hit: SearchHit) -> set[EntryKey]:
        """The entries that show the event of a hit; of the program's own words, all of the run's."""
        if hit.call_id is not None and (entry := self._chat.call_entry(hit.call_id)) is not None:
            return {entry.key}
        begin = f"{hit.run_id}:{hit.span}"
        if hit.kind == "prompt":
            return {f"{begin}:user"}
        if hit.kind in ("answer", "reasoning"):
            return {key for key in self._where if key.startswith(f"{begin}#")}
        keys = [entry.key for entry in self._chat.entries]
        own = [number for number, key in enumerate(keys) if key.startswith(f"{hit.run_id}:")]
        if not own or hit.kind not in ("error", "note"):
            return set()
        end = next(
            (number for number in range(own[-1], len(keys)) if keys[number].endswith(":user") and number > own[-1]),
            len(keys),
        )
        return {entry.key for entry in self._chat.entries[own[0] : end] if isinstance(entry, NoticeEntry)}

    def step(self, by: int) -> None:
        """To the next place (1) or the one before (-1), around the corner."""
        if self.places:
            self.at = (self.at + by) % len(self.places)
            self.changed.emit()

    def recount(self) -> None:
        """The conversation has changed; the current place stays where it is."""
        if not self.words:
            return
        before, current = self.places, self.current
        self._count()
        if self.places == before:
            return
        self.at = self.places.index(current) if current in self.places else min(self.at, len(self.places) - 1)
        self.changed.emit()

    def place_of(self, found: FoundPlace) -> int:
        """Where its entry stands now; -1 when it is gone."""
        place = self._where.get(found.key, -1)
        entries = self._chat.entries
        if 0 <= place < len(entries) and entries[place].key == found.key:
            return place
        return next((number for number, entry in enumerate(entries) if entry.key == found.key), -1)

    def spans(self, text: str) -> list[Span]:
        """Where the words stand in `text`."""
        if not self.words:
            return []
        if self._query is not None:
            return self._query.spans(text)
        wanted = folded(self.words)
        plain = folded(text)
        found, begin = [], plain.find(wanted)
        while begin >= 0:
            found.append((begin, begin + len(wanted)))
            begin = plain.find(wanted, begin + len(wanted))
        return found

    def _count(self) -> None:
        found: list[FoundPlace] = []
        self._where = {}
        for number, entry in enumerate(self._chat.entries):
            self._where[entry.key] = number
            parts = tuple(_parts(entry))
            known = self._known.get(entry.key)
            if known is None or known[0] != parts:
                known = (parts, tuple(len(self.spans(self._shown(entry, part, text))) for part, text in parts))
                self._known[entry.key] = known
            for (part, _), count in zip(parts, known[1], strict=True):
                found += [FoundPlace(entry.key, part, nth) for nth in range(count)]
        self.places = tuple(found) if self.words else ()

    def _shown(self, entry: ChatEntry, part: FoundPart, text: str) -> str:
        """The text as the eye meets it."""
        if part in ("arguments", "result"):
            return indented(text)
        if isinstance(entry, TextEntry) and entry.part == "text" and not _SIGNS.search(self.words):
            return _SIGNS.sub("", _LINK.sub(r"\1", text))
        return text


def indented(text: str) -> str:
    """JSON of moderate size in lines, any other text as it is."""
    try:
        return pretty(parse_strict(text)) if len(text) <= _MAX_PRETTY else text
    except MalformedJson:
        return text


def _parts(entry: ChatEntry) -> Iterator[tuple[FoundPart, str]]:
    match entry:
        case UserEntry() | TextEntry():
            yield "text", entry.text
        case CallEntry():
            yield "tool", entry.tool
            yield "arguments", entry.shown_arguments
            if entry.result_text is not None:
                yield "result", entry.result_text
        case NoticeEntry():
            yield "text", "\n".join(part for part in (entry.title, entry.text, entry.mend) if part)
        case HeadEntry():
            pass
