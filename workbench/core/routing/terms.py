"""A text as the terms that selectors compare: words in their plain form, and the shapes of ids.

Names are cut at underscores and capitals, letters lose case and accents, scripts without spaces are cut into single
characters, and English words lose their common endings. `A-1002` counts as the shape `a-#`, which every order number
has, and an address of mail as `@`; so a tool whose parameter says “such as A-1004” is found by any order number.
"""

import re
from functools import lru_cache

from workbench.core.search_query import words_of

MAX_CHARS = 4_000
"""Of a longer text the beginning is taken."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_ID = re.compile(r"\b([^\W\d_]{1,6})[-_#]?\d[\d-]*\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SHAPE = re.compile(r"[^\W\d_]{1,6}-#|[@#%]")
_EMPTY = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "just",
        "me",
        "my",
        "of",
        "on",
        "or",
        "our",
        "please",
        "pls",
        "plz",
        "she",
        "so",
        "such",
        "that",
        "the",
        "their",
        "them",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "us",
        "was",
        "we",
        "were",
        "will",
        "with",
        "would",
        "you",
        "your",
        "use",
        "used",
        "when",
        "which",
    ]
)


@lru_cache(maxsize=4_000)
def terms_of(text: str, *, keep_empty: bool = False) -> tuple[str, ...]:
    """The terms of a text in their order. `keep_empty`: words such as “is” and “the” as well."""
    text = _CAMEL.sub(" ", text[:MAX_CHARS])
    shapes = ["@"] * len(_MAIL.findall(text))
    text = _MAIL.sub(" ", text)
    shapes += [f"{found.lower()}-#" for found in _ID.findall(text)]
    text = _ID.sub(" ", text)
    shapes += ["%"] * text.count("%") + ["#"] * len(_NUMBER.findall(text))
    words = words_of(_NUMBER.sub(" ", text))
    return (*(_plain(word) for word in words if keep_empty or word not in _EMPTY), *shapes)


def is_shape(term: str) -> bool:
    """Whether a term stands for ids, numbers, or addresses of some kind."""
    return _SHAPE.fullmatch(term) is not None


def _plain(word: str) -> str:
    """An English word without its ending: “cancelled” and “cancel”, “deliveries” and “delivered” are the same."""
    if (len(word) > 4 and word.endswith("ies")) or (len(word) > 5 and word.endswith("ing")):
        word = word[:-3]
    elif len(word) > 4 and word.endswith("ed") and not word.endswith("eed"):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 3 and word[-1] in "ey":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def spellings(text: str) -> dict[str, str]:
    """Each term of a text → how it is written there, for people."""
    text = _MAIL.sub(" ", _CAMEL.sub(" ", text[:MAX_CHARS]))
    ids = {f"{found[1].lower()}-#": found[0] for found in _ID.finditer(text)}
    return {_plain(word): word for word in words_of(_ID.sub(" ", text))} | ids
