"""The selector `examples`: which tool did the most similar labeled requests want?"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import log, sqrt

from workbench.core.routing.ranking import NOTHING, Ranking, ranking, shortened
from workbench.core.routing.terms import is_shape, terms_of
from workbench.core.tool import Tool

_NEAREST = 3
_BEST = 0.8
"""How much the nearest example counts beside the mean of the nearest three."""
_PAIR = 0.7
_SHAPE = 0.5
TextFeatures = dict[str, float]


class ExampleIndex:
    """The example requests of tools, brought up to date when a tool changes."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        self._tools: dict[str, Tool] = {}
        self._nothing: tuple[str, ...] = ()
        self._examples: list[tuple[str, str, TextFeatures]] = []
        self._rarity: TextFeatures = {}
        self.update(tools)

    @property
    def is_empty(self) -> bool:
        """Whether no tool has an example."""
        return not self._examples

    def update(self, tools: Iterable[Tool], nothing: tuple[str, ...] = ()) -> None:
        """Take exactly the examples of these tools, and of requests for which no tool is right."""
        wanted = {tool.name: tool for tool in tools}
        if wanted == self._tools and nothing == self._nothing:
            return
        self._tools, self._nothing = wanted, nothing
        pairs = [(tool.name, text) for tool in wanted.values() for text in tool.examples]
        pairs += [(NOTHING, text) for text in nothing]
        counted = [(name, text, counts_of(text)) for name, text in pairs]
        having = Counter(feature for _, _, features in counted for feature in features)
        self._rarity = {feature: log((1 + len(counted)) / (0.5 + count)) for feature, count in having.items()}
        self._examples = [(name, text, self._weighed(features)) for name, text, features in counted]

    def rank(self, request: str) -> Ranking:
        """The tools by the mean similarity of their nearest examples; the nearest one is the reason."""
        asked = self._weighed(counts_of(request))
        similarity: dict[str, list[tuple[float, str]]] = {}
        for name, text, features in self._examples:
            found = _cosine(asked, features)
            if found > 0:
                similarity.setdefault(name, []).append((found, text))
        return rank_by_similarity(similarity, self._tools)

    def _weighed(self, counts: TextFeatures) -> TextFeatures:
        unknown = log(1 + len(self._tools)) if self._rarity else 1.0
        return {feature: count * self._rarity.get(feature, unknown) for feature, count in counts.items()}


def rank_by_similarity(similarity: dict[str, list[tuple[float, str]]], order: Iterable[str]) -> Ranking:
    """A ranking from how alike the request and each example of a tool are: mostly by the nearest one. Likeness is
    squared, because an example that is a little similar says nothing."""
    scores, why = {}, {}
    for name, found in similarity.items():
        nearest = sorted(found, reverse=True)[:_NEAREST]
        alike = nearest[0][0] * _BEST + sum(value for value, _ in nearest) / len(nearest) * (1 - _BEST)
        scores[name] = alike**2
        why[name] = f"like “{shortened(nearest[0][1])}”"
    return ranking(scores, why, order)


def examples_in(text: str) -> tuple[str, ...]:
    """Example requests as people write them, one per line; each once."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def counts_of(text: str) -> TextFeatures:
    """Terms, and pairs of neighbors; how often each occurs says little in such short texts."""
    terms: Sequence[str] = terms_of(text, keep_empty=True)
    features = {term: _SHAPE if is_shape(term) else 1.0 for term in terms}
    words = [term for term in terms if not is_shape(term)]
    features.update((f"{one} {other}", _PAIR) for one, other in pairwise(words))
    return features


def _cosine(one: TextFeatures, other: TextFeatures) -> float:
    product = sum(value * other[feature] for feature, value in one.items() if feature in other)
    if not product:
        return 0.0
    return product / sqrt(sum(v * v for v in one.values()) * sum(v * v for v in other.values()))
