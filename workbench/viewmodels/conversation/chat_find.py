"""Finding a text in a conversation: in the entries, not in widgets, so that it may be as long as it likes."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.app.search.search import HitKind, SearchHit
from workbench.core.search_query import SearchQuery, folded
from workbench.core.signal import Signal
from workbench.viewmodels.conversation.chat import ChatViewModel
from workbench.viewmodels.conversation.chat_entry import (
    CallEntry,
    ChatEntry,
    EntryKey,
    HeadEntry,
    NoticeEntry,
    TextEntry,
    UserEntry,
)
from workbench.viewmodels.shared.json_find import found_rows
from workbench.viewmodels.shared.json_node import read_json

FoundPart = Literal["text", "tool", "arguments", "result"]
FoundSpan = tuple[int, int]
FoundParts = tuple[tuple[FoundPart, str], ...]

_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_SIGNS = re.compile(r"[*`~]+|(?<!\w)_+|_+(?!\w)|^#{1,6} +|^ *> ?", re.MULTILINE)
_MAX_ROWS_OF = 200_000
"""Characters; counting in the text of a longer one finds almost the same places."""
MOST_PLACES = 20_000
SLICE_S = 0.008
"""How much processor time is spent on looking before others get their turn."""
_PARTS: dict[HitKind, tuple[FoundPart, ...]] = {
    "call": ("tool", "arguments"),
    "result": ("result",),
    "error": ("result", "text"),
}


@dataclass(frozen=True)
class FoundPlace:
    """The `nth` time (from 0) that the text is in one part of an entry."""

    key: EntryKey
    part: FoundPart
    nth: int


class ChatFind:
    """What is looked for in one conversation, where it stands, and which of these places is the current one.

    A long conversation is looked through in slices: the one who shows it calls `go_on` as long as `is_counting`.
    """

    def __init__(self, chat: ChatViewModel) -> None:
        self.words = ""
        self.places: list[FoundPlace] = []
        self.at = -1
        """The current one of `places`, -1 when there is none."""
        self.is_counting = False
        self.changed: Signal[[]] = Signal()
        """The words, the places or the current place are others."""
        self._chat = chat
        self._query: SearchQuery | None = None
        self._work: Iterator[None] = iter(())
        self._where: dict[EntryKey, int] = {}
        self._folded: dict[EntryKey, tuple[FoundParts, tuple[str, ...]]] = {}
        self._is_raw = False

    @property
    def current(self) -> FoundPlace | None:
        """The place that is shown."""
        return self.places[self.at] if 0 <= self.at < len(self.places) else None

    @property
    def count_words(self) -> str:
        """`3 of 41`; with a plus while there may be more."""
        if not self.words:
            return ""
        is_partial = self.is_counting or self._chat.has_earlier
        more = "+" if is_partial or len(self.places) >= MOST_PLACES else ""
        if self.places:
            return f"{self.at + 1:,} of {len(self.places):,}{more}"
        return "Looking…" if is_partial else "No results"

    def look_for(self, words: str, *, near: int = 0) -> None:
        """Look for these words as they stand; the current place is the first one in the entry `near` or after it."""
        self._begin(words, None)
        self._count(lambda found: self._where[found.key] >= near)

    def look_for_hit(self, words: str, hit: SearchHit) -> bool:
        """Look for these words as search everywhere reads them, what it found being the current place; False when that
        is not said in the conversation."""
        self._begin(words, SearchQuery.read(words))
        self._where = {entry.key: number for number, entry in enumerate(self._chat.entries)}
        wanted = self._place_of_hit(hit)
        self._count(lambda found: found == wanted)
        return wanted is not None

    def _place_of_hit(self, hit: SearchHit) -> FoundPlace | None:
        fitting = []
        for key in sorted(self._keys_of(hit), key=self._where.__getitem__):
            parts, texts = self._texts(self._chat.entries[self._where[key]])
            fitting += [
                FoundPlace(key, part, 0)
                for (part, _), text in zip(parts, texts, strict=True)
                if self.spans(text, is_folded=True)
            ]
        own = [place for place in fitting if place.part in _PARTS.get(hit.kind, ("text",))]
        return next(iter(own or fitting), None)

    def go_on(self, budget_s: float | None = SLICE_S) -> None:
        """Look through some more of the conversation; with None, through all that is left."""
        begun = time.thread_time()
        for _ in self._work:
            if budget_s is not None and time.thread_time() - begun > budget_s:
                self.changed.emit()
                return
        self.is_counting = False
        if self.at < 0 and self.places:
            self.at = 0
        self.changed.emit()

    def step(self, by: int) -> None:
        """To the next place (1) or the one before (-1), wrapping around."""
        if self.places:
            self.at = (self.at + by) % len(self.places)
            self.changed.emit()

    def recount(self) -> None:
        """The conversation has changed; the current place stays where it is."""
        if self.words and not self.is_counting:
            current = self.current
            self._count(lambda found: found == current)

    def place_of(self, found: FoundPlace) -> int:
        """Where its entry stands now; -1 when it is gone."""
        place = self._where.get(found.key, -1)
        entries = self._chat.entries
        if 0 <= place < len(entries) and entries[place].key == found.key:
            return place
        return next((number for number, entry in enumerate(entries) if entry.key == found.key), -1)

    def spans(self, text: str, *, is_folded: bool = False) -> list[FoundSpan]:
        """Where the words are in `text`."""
        if not self.words:
            return []
        if self._query is not None:
            return self._query.spans(text, is_folded=is_folded)
        wanted = folded(self.words)
        plain = text if is_folded else folded(text)
        found, begin = [], plain.find(wanted)
        while begin >= 0:
            found.append((begin, begin + len(wanted)))
            begin = plain.find(wanted, begin + len(wanted))
        return found

    def _begin(self, words: str, query: SearchQuery | None) -> None:
        is_raw = bool(_SIGNS.search(words))
        if is_raw != self._is_raw:
            self._folded.clear()
        self.words, self._query, self._is_raw = words, query, is_raw

    def _count(self, is_wanted: Callable[[FoundPlace], bool]) -> None:
        """Begin again; the first place that is wanted becomes the current one."""
        self.places, self.at = [], -1
        self._where = {entry.key: number for number, entry in enumerate(self._chat.entries)}
        self.is_counting = bool(self.words)
        self._work = self._counting(list(self._chat.entries), is_wanted) if self.words else iter(())
        self.go_on()

    def _counting(self, entries: list[ChatEntry], is_wanted: Callable[[FoundPlace], bool]) -> Iterator[None]:
        for entry in entries:
            parts, texts = self._texts(entry)
            for (part, _), text in zip(parts, texts, strict=True):
                for nth in range(len(self.spans(text, is_folded=True))):
                    if len(self.places) >= MOST_PLACES:
                        return
                    found = FoundPlace(entry.key, part, nth)
                    if self.at < 0 and is_wanted(found):
                        self.at = len(self.places)
                    self.places.append(found)
            yield

    def _texts(self, entry: ChatEntry) -> tuple[FoundParts, tuple[str, ...]]:
        """The parts of an entry and what is compared of them, which is worked out once."""
        parts = tuple(_parts(entry))
        known = self._folded.get(entry.key)
        if known is None or known[0] != parts:
            known = (parts, tuple(folded(self._shown(entry, part, text)) for part, text in parts))
            self._folded[entry.key] = known
        return known

    def _shown(self, entry: ChatEntry, part: FoundPart, text: str) -> str:
        """The text as the eye meets it."""
        if part in ("arguments", "result"):
            return _tree_text(text)
        if isinstance(entry, TextEntry) and entry.part == "text" and not self._is_raw:
            return _SIGNS.sub("", _LINK.sub(r"\1", text))
        return text

    def _keys_of(self, hit: SearchHit) -> set[EntryKey]:
        """The entries that show the event of a hit; of the program's own words, all of the run's."""
        if hit.call_id is not None and (entry := self._chat.call_entry(hit.call_id)) is not None:
            return {entry.key} & self._where.keys()
        begin = f"{hit.run_id}:{hit.span}"
        if hit.kind == "prompt":
            return {f"{begin}:user"} & self._where.keys()
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


def _tree_text(text: str) -> str:
    """The rows of a JSON tree of moderate size, any other text as it is."""
    root = read_json(text) if len(text) <= _MAX_ROWS_OF else None
    return "\n".join(found_rows(root)) if root is not None else text


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
            yield "text", "\n".join(part for part in (entry.title, entry.text, entry.hint) if part)
        case HeadEntry():
            pass
