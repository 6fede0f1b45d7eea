"""How similar two texts are by their words: a hint without any model, from 0 (no word in common) to 1."""

import re
from collections import Counter
from functools import lru_cache
from math import sqrt

_WORD = re.compile(r"[a-z0-9]+|[^\W\d_a-z]+")
_CAMEL = re.compile(r"([a-z0-9])([A-Z])")
_EMPTY_WORDS = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "get", "if", "in", "is", "it", "its", "of", "on"}
    | {"or", "that", "the", "this", "to", "use", "used", "when", "with", "you", "your"}
)


def word_overlap(one: str, other: str) -> float:
    """The cosine between the counts of their words. Names are split at underscores and capitals, filler is left out,
    and a plural counts as its singular."""
    first, second = word_counts(one), word_counts(other)
    if not first or not second:
        return 0.0
    shared = sum(count * second[word] for word, count in first.items())
    return shared / (_length(first) * _length(second))


@lru_cache(maxsize=2_000)  # tools are compared with each other again after every edit
def word_counts(text: str) -> Counter[str]:
    """How often each meaningful word occurs in the text, as counted here. Not to be changed by who gets it."""
    found = _WORD.findall(_CAMEL.sub(r"\1 \2", text).lower())
    return Counter(_singular(word) for word in found if word not in _EMPTY_WORDS)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _length(words: Counter[str]) -> float:
    return sqrt(sum(count * count for count in words.values()))
