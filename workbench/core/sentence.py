"""A description cut into sentences, each with its place, so that one of them can be left out."""

import re

import msgspec

_END = re.compile(r"(?:[.!?。！？]+[\"'”’)\]]*(?=\s|\Z)|[。！？]|\n+)\s*")
_NOT_AN_END = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|no|approx|incl|Mr|Mrs|Dr)|\b[A-Z])\.\s*\Z")


class Sentence(msgspec.Struct, frozen=True):
    """A sentence with the spaces behind it: `start` to `end` in its text."""

    text: str
    start: int
    end: int


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text; joined, they are the text. A line is a sentence too."""
    found: list[Sentence] = []
    start = 0
    for mark in _END.finditer(text):
        if "\n" not in mark[0] and _NOT_AN_END.search(text[start : mark.end()]):
            continue
        if text[start : mark.end()].strip():
            found.append(Sentence(text[start : mark.end()], start, mark.end()))
            start = mark.end()
    if text[start:].strip() or (start < len(text) and not found):
        found.append(Sentence(text[start:], start, len(text)))
    elif start < len(text):
        last = found[-1]
        found[-1] = Sentence(text[last.start :], last.start, len(text))
    return tuple(found)


def without(text: str, sentence: Sentence) -> str:
    """The text less one of its sentences."""
    return (text[: sentence.start] + text[sentence.end :]).strip()
