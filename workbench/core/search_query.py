"""What a user types to find a text: words, beginnings of words, and phrases in quotes.

Parsed once for the index, for the scan and for the marks on the screen. Letters are compared without case and
without accents; scripts that write no spaces between words are compared character by character.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property, lru_cache

import msgspec

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_ALONE = re.compile(rf"[{_UNSPACED}]")
_ACCENTED = re.compile("[\u00c0-\u024f\u0370-\u052f\u0590-\u08ff\u0900-\u0dff\u1e00-\u1fff]+")
"""Ranges of precomposed accented letters; looking at every other character would take too long."""
_CHUNK = re.compile(r'"([^"]*)("?)|(\S+)')


class SearchTerm(msgspec.Struct, frozen=True):
    """Words that follow each other; the last may be the beginning of a longer one."""

    words: tuple[str, ...]
    is_beginning: bool


class SearchQuery(msgspec.Struct, frozen=True, dict=True):
    """Every term has to be found. A text without any word is `literal`: it is searched for as it is."""

    terms: tuple[SearchTerm, ...] = ()
    literal: str = ""

    @classmethod
    def read(cls, text: str) -> "SearchQuery":
        """What `text` asks for. `get_weather` and `"needs approval"` are phrases; `paris osl` are two beginnings."""
        found = []
        for phrase, end, bare in _CHUNK.findall(text):
            words = words_of(phrase or bare)
            if words:
                found.append(SearchTerm(tuple(words), is_beginning=not end))
        return cls(tuple(dict.fromkeys(found)), "" if found else folded(text.strip()))

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return not self.terms and not self.literal

    @property
    def longest_word(self) -> str:
        """The most selective word."""
        return max((word for term in self.terms for word in term.words), key=len, default=self.literal)

    def spans(self, text: str, *, is_folded: bool = False) -> list[tuple[int, int]]:
        """Where it is in `text` (begin, end), in order and not overlapping; empty unless every term is there."""
        plain = text if is_folded else folded(text)
        found: list[tuple[int, int]] = []
        for pattern in self._patterns:
            places = [match.span() for match in pattern.finditer(plain)]
            if not places:
                return []
            found += places
        return list(_disjoint(sorted(found)))

    def is_in(self, text: str) -> bool:
        """Whether every term is in `text`."""
        plain = folded(text)
        return bool(self._patterns) and all(pattern.search(plain) for pattern in self._patterns)

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        if self.literal:
            return (re.compile(re.escape(self.literal)),)
        return tuple(_pattern(term) for term in self.terms)


def words_of(text: str) -> list[str]:
    """The words of `text` as they are compared."""
    return _WORD.findall(folded(text))


def folded(text: str) -> str:
    """`text` without case and accents, as long as it was: places in it are places in the original."""
    lowered = text.lower()
    if text.isascii():
        return lowered
    if len(lowered) != len(text):  # a letter that is two letters in lower case
        return "".join(map(_folded_char, text))
    return _ACCENTED.sub(lambda found: "".join(map(_folded_char, found[0])), lowered)


@lru_cache(maxsize=8192)
def _folded_char(char: str) -> str:
    base, *rest = list(unicodedata.normalize("NFD", char))
    if all(unicodedata.category(mark) == "Mn" for mark in rest):
        lowered = base.lower()
        return lowered if len(lowered) == 1 else base
    return char


def _pattern(term: SearchTerm) -> re.Pattern[str]:
    words = term.words
    parts = [] if _ALONE.match(words[0]) else [r"(?<![^\W_])"]
    for before, word in zip(("", *words), words, strict=False):
        if before:
            parts.append(r"[\W_]*" if _ALONE.match(before) or _ALONE.match(word) else r"[\W_]+")
        parts.append(re.escape(word))
    if not term.is_beginning and not _ALONE.match(words[-1]):
        parts.append(r"(?![^\W_])")
    return re.compile("".join(parts))


def _disjoint(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = -1
    for begin, end in spans:
        if begin >= last:
            yield begin, end
            last = end
