"""The selector `meaning`: how near a request is to what a tool is for, by vectors of whole phrases.

A vector of a long description is a mean of everything in it, so a search text is cut into its phrases; a request is
near one or two of them, and far from the others.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from operator import mul

from workbench.core.routing.ranking import NOTHING, Ranking, ranking, shortened
from workbench.core.similarity import Vector
from workbench.core.tool import Tool, Toolset

_PIECE = re.compile(r"[.;:,?!\n]+")
_SHORTEST = 4
_MOST_PHRASES = 40
_NEAREST = 3


def phrases_of(tool: Tool) -> tuple[str, ...]:
    """What a tool is for, phrase by phrase: its search text or description, and its name in words."""
    pieces = (piece.strip() for piece in _PIECE.split(tool.search_text or tool.description))
    found = (tool.title or tool.name.replace("_", " "), *(piece for piece in pieces if len(piece) >= _SHORTEST))
    return tuple(dict.fromkeys(found))[:_MOST_PHRASES]


def texts_of(tools: Toolset, nothing: Sequence[str]) -> tuple[str, ...]:
    """Every text whose vector is needed to rank these tools."""
    own = (text for tool in tools for text in (*phrases_of(tool), *tool.examples))
    return tuple(dict.fromkeys((*own, *nothing)))


def rank_by_meaning(tools: Toolset, nothing: Sequence[str], vectors: Mapping[str, Vector], request: Vector) -> Ranking:
    """The tools by the mean of how near their nearest phrases and their nearest examples are. All vectors are of the
    length 1; `vectors` has one for each of `texts_of(tools, nothing)`."""
    near = {text: max(0.0, sum(map(mul, request, vector))) for text, vector in vectors.items()}
    scores: dict[str, float] = {}
    why: dict[str, str] = {}
    for tool in tools:
        kinds = [each for each in (phrases_of(tool), tool.examples) if each]
        scores[tool.name] = sum(_nearness(each, near) for each in kinds) / len(kinds)
        why[tool.name] = _why((text for each in kinds for text in each), near)
    if nothing:
        scores[NOTHING], why[NOTHING] = _nearness(nothing, near), _why(nothing, near)
    return ranking(scores, why, tools.names)


def _nearness(texts: Sequence[str], near: Mapping[str, float]) -> float:
    nearest = sorted((near[text] for text in texts), reverse=True)[:_NEAREST]
    return sum(nearest) / len(nearest)


def _why(texts: Iterable[str], near: Mapping[str, float]) -> str:
    return f"near “{shortened(max(texts, key=lambda text: near[text]))}”"


def direction(vector: Vector) -> Vector:
    """Where a vector points, with the length 1."""
    length = sqrt(sum(map(mul, vector, vector)))
    return [value / length for value in vector] if length else vector
