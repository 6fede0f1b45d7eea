"""The selector `learned`: what examples and search texts teach a small classifier, by vectors and by shared words.

Kernel ridge regression (Saunders et al. 1998): each text gets a weight for each tool, so that together they tell the
tools apart. Likeness alone cannot: a request is about as near to a tool's near relatives. The four constants were
chosen on the tune requests of the sample shop-support, each cluster left out by turns.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from typing import TYPE_CHECKING

from workbench.core.routing.examples import TextFeatures, counts_of
from workbench.core.routing.meaning import phrases_of
from workbench.core.routing.ranking import NOTHING, Ranking, ranking, shortened
from workbench.core.similarity import Vector
from workbench.core.tool import Toolset

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    Matrix = NDArray[float32]

MOST_TEXTS = 2_000
"""Each is compared with each."""
_WORDS = 0.8
"""How much shared words count beside vectors."""
_RIDGE = 1.0
_PHRASE = 2.0
"""How much a phrase of a search text counts beside an example."""
_NOTHING = 0.15
"""What is added for “no tool”: a wrong call costs more than a question."""


class Learned:
    """A fitted classifier. numpy has to be installed, as with the encoder."""

    def __init__(self, tools: Toolset, nothing: Sequence[str], vectors: Mapping[str, Vector]) -> None:
        """`vectors` has one of length 1 for each of `texts_of(tools, nothing)`; at most `MOST_TEXTS` are meant."""
        import numpy

        taught = [(tool.name, text, _PHRASE) for tool in tools for text in phrases_of(tool)]
        taught += [(tool.name, text, 1.0) for tool in tools for text in tool.examples]
        taught += [(NOTHING, text, 1.0) for text in nothing]
        self._order = tools.names
        self._labels = tuple(dict.fromkeys(label for label, _, _ in taught))
        self._texts = [text for _, text, _ in taught]
        self._words = _Words(self._texts)
        self._vectors = numpy.array([vectors[text] for text in self._texts], dtype=numpy.float32)
        alike = self._vectors @ self._vectors.T + _WORDS * (self._words.rows @ self._words.rows.T)
        alike.flat[:: len(taught) + 1] += [_RIDGE / weight for _, _, weight in taught]
        wanted = numpy.array([[label == each for each in self._labels] for label, _, _ in taught], numpy.float32)
        self._weights = numpy.linalg.solve(alike, wanted)

    def rank(self, request: str, vector: Vector) -> Ranking:
        """The tools by what the classifier says; the text that speaks most for a tool is the reason."""
        if not self._texts:
            return ()
        import numpy

        alike = self._vectors @ numpy.asarray(vector, dtype=numpy.float32) + _WORDS * (
            self._words.rows @ self._words.row(request)
        )
        spoken = self._weights * alike[:, None]
        scores = dict(zip(self._labels, spoken.sum(axis=0).tolist(), strict=True))
        if NOTHING in scores:
            scores[NOTHING] += _NOTHING
        best = zip(self._labels, spoken.argmax(axis=0).tolist(), strict=True)
        return ranking(scores, {label: f"like “{shortened(self._texts[place])}”" for label, place in best}, self._order)


class _Words:
    """Texts as rows of words, weighed by how rare they are."""

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy

        counted = [counts_of(text) for text in texts]
        having = Counter(feature for features in counted for feature in features)
        self._rarity = {feature: log((1 + len(texts)) / (0.5 + count)) for feature, count in having.items()}
        self._unknown = log(1 + len(texts)) if texts else 1.0
        self._places = {feature: place for place, feature in enumerate(having)}
        self.rows: Matrix = numpy.zeros((len(texts), len(having)), numpy.float32)
        for row, features in zip(self.rows, counted, strict=True):
            self._fill(row, features)

    def row(self, text: str) -> "Matrix":
        """A text as a row of length 1, less where it has words that no text has."""
        import numpy

        made: Matrix = numpy.zeros(len(self._places), numpy.float32)
        self._fill(made, counts_of(text))
        return made

    def _fill(self, row: "Matrix", features: TextFeatures) -> None:
        length = 0.0
        for feature, count in features.items():
            value = count * self._rarity.get(feature, self._unknown)
            length += value * value
            if feature in self._places:
                row[self._places[feature]] = value
        row /= length**0.5 or 1.0
