"""How similar texts are, measured without asking any model to choose: a hint about what is hard to tell apart, never
the reason for a choice.

`words` is a cosine between counts of words, each weighted by how few of the texts have it (a word in all of them
distinguishes nothing): weight = ln((1 + texts) / (1 + texts with the word)) + 1. `vectors` is a cosine between what a
model makes of the texts, less what all of them have in common, because all such vectors point in much the same
direction.
"""

from collections.abc import Callable, Sequence
from math import log, sqrt
from operator import mul, sub
from typing import TypeVar

import msgspec

from workbench.core.word_overlap import word_counts

T = TypeVar("T")
Vector = Sequence[float]
_FEWEST_TO_CENTER = 3
"""With fewer texts, what they have in common is most of what they are."""


class SimilarityMap(msgspec.Struct, frozen=True):
    """Each text with each other, and with a request where there is one; all values from -1 to 1.

    `pairs[i][j]` is about `names[i]` and `names[j]`; `request[i]` about the request and `names[i]`.
    """

    names: tuple[str, ...]
    pairs: tuple[tuple[float, ...], ...]
    request: tuple[float, ...] = ()

    def pair(self, one: str, other: str) -> float:
        """How similar two of them are."""
        return self.pairs[self.names.index(one)][self.names.index(other)]

    @property
    def nearest(self) -> tuple[tuple[str, float], ...]:
        """The names with their similarity to the request, most similar first."""
        found = zip(self.names, self.request, strict=True) if self.request else ()
        return tuple(sorted(found, key=lambda each: -each[1]))

    @property
    def closest_pairs(self) -> tuple[tuple[str, str, float], ...]:
        """Every pair once, most similar first."""
        found = [
            (one, other, self.pairs[row][column])
            for row, one in enumerate(self.names)
            for column, other in enumerate(self.names)
            if row < column
        ]
        return tuple(sorted(found, key=lambda pair: -pair[2]))


class WordScale:
    """Weights words by how few of the texts have them."""

    def __init__(self, texts: Sequence[str]) -> None:
        having: dict[str, int] = {}
        for text in texts:
            for word in word_counts(text):
                having[word] = having.get(word, 0) + 1
        self._weights = {word: log((1 + len(texts)) / (1 + count)) + 1 for word, count in having.items()}
        self._unknown = log(1 + len(texts)) + 1

    def similarity(self, one: str, other: str) -> float:
        """From 0, no word in common, to 1."""
        first, second = self._weighed(one), self._weighed(other)
        return _cosine_of(first, second)

    def _weighed(self, text: str) -> dict[str, float]:
        return {word: count * self._weights.get(word, self._unknown) for word, count in word_counts(text).items()}


class VectorScale:
    """Compares vectors less the mean of those of all texts."""

    def __init__(self, vectors: Sequence[Vector]) -> None:
        self._mean: Vector | None = None
        if len(vectors) >= _FEWEST_TO_CENTER:
            self._mean = [sum(column) / len(vectors) for column in zip(*vectors, strict=True)]

    def similarity(self, one: Vector, other: Vector) -> float:
        """From -1 to 1."""
        return _shared(self.direction(one), self.direction(other))

    def direction(self, vector: Vector) -> Vector:
        """Where it points, less the mean, with the length 1; nothing where it points nowhere."""
        if self._mean is not None:
            vector = list(map(sub, vector, self._mean))
        length = sqrt(sum(map(mul, vector, vector)))
        return [value / length for value in vector] if length else [0.0] * len(vector)


def map_of_words(names: Sequence[str], texts: Sequence[str], request: str = "") -> SimilarityMap:
    """The similarity of texts by their words."""
    scale = WordScale(texts)
    return _map(names, texts, request if request.strip() else None, scale.similarity)


def map_of_vectors(names: Sequence[str], vectors: Sequence[Vector], request: Vector | None = None) -> SimilarityMap:
    """The similarity of texts by their vectors, all of one length."""
    scale = VectorScale(vectors)
    directions = [scale.direction(vector) for vector in vectors]
    return _map(names, directions, None if request is None else scale.direction(request), _shared)


def _map(
    names: Sequence[str], things: Sequence[T], request: T | None, similarity: Callable[[T, T], float]
) -> SimilarityMap:
    rows = [[1.0] * len(things) for _ in things]
    for row, one in enumerate(things):
        for column in range(row):
            rows[row][column] = rows[column][row] = similarity(one, things[column])
    asked = () if request is None else tuple(similarity(request, thing) for thing in things)
    return SimilarityMap(tuple(names), tuple(map(tuple, rows)), asked)


def _cosine_of(first: dict[str, float], second: dict[str, float]) -> float:
    length = sqrt(sum(value * value for value in first.values()) * sum(value * value for value in second.values()))
    if not length:
        return 0.0
    return min(1.0, sum(value * second.get(word, 0.0) for word, value in first.items()) / length)


def _shared(one: Vector, other: Vector) -> float:
    """The cosine of two directions."""
    product: float = sum(map(mul, one, other))
    return max(-1.0, min(1.0, product))
