"""Which pieces of a description attract a request: each left out once, by how much the similarity falls.

This shows what texts have in common. It samples nothing and does not show why a model chose.
"""

import re
from collections.abc import Sequence

import msgspec

from workbench.core.sentence import sentences

_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
MOST_WORDS = 120
MOST_SENTENCES = 60
"""Words and sentences beyond this many are part of the text, but not measured by themselves."""


class TextPiece(msgspec.Struct, frozen=True):
    """A range of a text, `start` to `end`."""

    text: str
    start: int
    end: int

    def left_out_of(self, whole: str) -> str:
        """The text without it."""
        return f"{whole[: self.start]} {whole[self.end :]}".strip()


class Pull(msgspec.Struct, frozen=True):
    """How much more a text is like the request because it has this piece; below 0: less."""

    piece: TextPiece
    strength: float


class Attribution(msgspec.Struct, frozen=True):
    """A tool's text against a request: how similar they are as a whole, and what each sentence and each word adds."""

    tool: str
    text: str
    similarity: float
    sentences: tuple[Pull, ...]
    words: tuple[Pull, ...]

    @property
    def strongest(self) -> tuple[Pull, ...]:
        """The words that add most, the strongest first; none that adds nothing."""
        return tuple(sorted((pull for pull in self.words if pull.strength > 0), key=lambda pull: -pull.strength))


def sentence_pieces(text: str) -> tuple[TextPiece, ...]:
    """The sentences of a text."""
    return tuple(TextPiece(found.text.rstrip(), found.start, found.end) for found in sentences(text)[:MOST_SENTENCES])


def word_pieces(text: str) -> tuple[TextPiece, ...]:
    """The words of a text in order, up to `MOST_WORDS`."""
    found = (TextPiece(match[0], match.start(), match.end()) for match in _WORD.finditer(text))
    return tuple(piece for _, piece in zip(range(MOST_WORDS), found, strict=False))


def shorter_texts(text: str) -> tuple[str, ...]:
    """What to measure for `attribution`: the text, then it without each sentence, then without each word."""
    pieces = (*sentence_pieces(text), *word_pieces(text))
    return (text, *(piece.left_out_of(text) for piece in pieces))


def attribution(tool: str, text: str, measured: Sequence[float]) -> Attribution:
    """The attraction, from the similarity to the request of each of `shorter_texts(text)`, in their order."""
    parts, words = sentence_pieces(text), word_pieces(text)
    whole, rest = measured[0], list(measured[1:])
    pulls = [Pull(piece, whole - without) for piece, without in zip((*parts, *words), rest, strict=True)]
    return Attribution(tool, text, whole, tuple(pulls[: len(parts)]), tuple(pulls[len(parts) :]))
