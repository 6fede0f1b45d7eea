"""Sentences cut further at commas, semicolons, colons and dashes: the parts of a description that is one sentence."""

import re
from collections.abc import Iterator

from workbench.core.sentence import Sentence, sentences

_BREAK = re.compile(r"[,;:](?=\s)\s*|\s+[–—-]\s+")
_SHORTEST = 3
"""A piece with fewer letters than this is not a clause: it stays with the one before it."""


def clauses(text: str) -> tuple[Sentence, ...]:
    """The clauses of a text; joined, they are the text. A sentence without a break is one clause."""
    return tuple(clause for sentence in sentences(text) for clause in _parts(sentence))


def _parts(sentence: Sentence) -> Iterator[Sentence]:
    start = 0
    text = sentence.text
    for mark in _BREAK.finditer(text):
        rest = text[mark.end() :]
        if len(text[start : mark.start()].strip()) >= _SHORTEST and len(rest.strip()) >= _SHORTEST:
            yield _piece(sentence, start, mark.end())
            start = mark.end()
    yield _piece(sentence, start, len(text))


def _piece(sentence: Sentence, start: int, end: int) -> Sentence:
    return Sentence(sentence.text[start:end], sentence.start + start, sentence.start + end)
