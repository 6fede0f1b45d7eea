"""The selector `words`: BM25 over what describes a tool, each part of it with a weight.

A score is the share of the request that is found: 1 where each of its terms is in a tool's name. So scores of
different requests can be compared with one threshold.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import nlargest
from math import log

from workbench.core.json_text import JsonValue
from workbench.core.routing.ranking import Ranking, ranking
from workbench.core.routing.terms import spellings, terms_of
from workbench.core.tool import Tool

_K1 = 1.2
_B = 0.6
_NAME, _TITLE, _TEXT, _PARAMETER, _PARAMETER_TEXT = 3.0, 1.5, 1.0, 1.0, 0.5
_SHOWN_TERMS = 4
_FEW = 20
_MOST = 50
"""Of a request that shares a word with a thousand tools, more would only be sorted."""


class WordIndex:
    """An index over tools that is brought up to date by the tools that have changed."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        self._tools: dict[str, Tool] = {}
        self._weights: dict[str, dict[str, float]] = {}
        self._lengths: dict[str, float] = {}
        self._found_in: dict[str, dict[str, float]] = {}
        """Term → tool → weight."""
        self._gains: dict[str, tuple[float, dict[str, float]]] = {}
        self.update(tools)

    def update(self, tools: Iterable[Tool]) -> int:
        """Index exactly these tools; only those that are new or changed are read. How many that were."""
        wanted = {tool.name: tool for tool in tools}
        for name in [name for name, tool in self._tools.items() if wanted.get(name) is not tool]:
            if wanted.get(name) != self._tools[name]:
                self._forget(name)
        new = [tool for name, tool in wanted.items() if name not in self._tools]
        for tool in new:
            self._add(tool)
        self._tools = wanted
        self._gains.clear()
        return len(new)

    def rank(self, request: str) -> Ranking:
        """The tools that share a term with the request, the best 50 of them."""
        scores: dict[str, float] = {}
        found: list[tuple[str, dict[str, float]]] = []
        whole = 0.0
        for term in dict.fromkeys(terms_of(request)):
            rarity, gains = self._gains_of(term)
            whole += rarity * (_K1 + 1)
            found.append((term, gains))
            for tool, gain in gains.items():
                scores[tool] = scores.get(tool, 0.0) + gain
        best = nlargest(_MOST, scores.items(), key=lambda each: each[1])
        spelled = spellings(request)
        why = {
            tool: [(gains[tool], spelled.get(term, term)) for term, gains in found if tool in gains] for tool, _ in best
        }
        return ranking(
            {tool: score / whole for tool, score in best},
            {tool: _words(terms) for tool, terms in why.items()},
            self._tools,
        )

    def _gains_of(self, term: str) -> tuple[float, dict[str, float]]:
        """How rare a term is, and what it adds to the score of each tool that has it; worked out when first asked."""
        known = self._gains.get(term)
        if known is None:
            having = self._found_in.get(term, {})
            if len(having) > max(_FEW, len(self._tools) / 2):
                having = {}  # what most tools have tells nothing apart
            rarity = log(1 + (len(self._tools) - len(having) + 0.5) / (len(having) + 0.5))
            mean = sum(self._lengths.values()) / max(1, len(self._lengths)) or 1.0
            gains = {
                tool: rarity * weight * (_K1 + 1) / (weight + _K1 * (1 - _B + _B * self._lengths[tool] / mean))
                for tool, weight in having.items()
            }
            known = rarity, gains
            if having:  # any number of unknown words may be asked for
                self._gains[term] = known
        return known

    def _add(self, tool: Tool) -> None:
        weights: Counter[str] = Counter()
        for text, weight in _texts(tool):
            for term in terms_of(text):
                weights[term] += weight  # type: ignore[assignment]
        self._weights[tool.name] = dict(weights)
        self._lengths[tool.name] = float(sum(weights.values()))
        for term, total in weights.items():
            self._found_in.setdefault(term, {})[tool.name] = float(total)
        self._tools[tool.name] = tool

    def _forget(self, name: str) -> None:
        for term in self._weights.pop(name):
            having = self._found_in[term]
            del having[name]
            if not having:
                del self._found_in[term]
        del self._lengths[name], self._tools[name]


def _texts(tool: Tool) -> Iterator[tuple[str, float]]:
    """What is searched of a tool: its search text where it has one, in place of its description."""
    yield tool.name, _NAME
    yield tool.title, _TITLE
    yield tool.search_text or tool.description, _TEXT
    properties = tool.input_schema.get("properties")
    for name, schema in properties.items() if isinstance(properties, dict) else ():
        yield name, _PARAMETER
        yield _description(schema), _PARAMETER_TEXT


def _description(schema: JsonValue) -> str:
    text = schema.get("description") if isinstance(schema, dict) else None
    return text if isinstance(text, str) else ""


def _words(found: list[tuple[float, str]]) -> str:
    best = sorted(found, reverse=True)[:_SHOWN_TERMS]
    return "shares " + ", ".join(term for _, term in best)
