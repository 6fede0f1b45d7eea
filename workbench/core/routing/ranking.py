"""What a selector says about tools: a score each, from 0 to 1, and why."""

from collections.abc import Iterable, Mapping

import msgspec

from workbench.core.routing.plan import SelectorKind


class Ranked(msgspec.Struct, frozen=True):
    """A tool and how well it fits a request, from 0 to 1; `why` is for people."""

    tool: str
    score: float
    why: str = ""


NOTHING = ""
"""In place of a tool: that the request is like those for which no tool is right."""
Ranking = tuple[Ranked, ...]
"""The best first. Tools that do not fit at all are absent."""


def ranking(scores: Mapping[str, float], why: Mapping[str, str], order: Iterable[str]) -> Ranking:
    """The tools with a score above 0; `order` decides among equal ones."""
    places = {name: place for place, name in enumerate(order)}
    found = [Ranked(tool, round(min(1.0, score), 4), why.get(tool, "")) for tool, score in scores.items() if score > 0]
    return tuple(sorted(found, key=lambda each: (-each.score, places.get(each.tool, len(places)))))


def shortened(text: str, most: int = 60) -> str:
    """The beginning of a text."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def fused(
    rankings: Mapping[SelectorKind, Ranking], weights: Mapping[SelectorKind, float], order: Iterable[str]
) -> Ranking:
    """Several rankings as one: the weighted mean of the scores; a tool that is absent from one has 0 there."""
    whole = sum(weights[kind] for kind in rankings)
    scores: dict[str, float] = {}
    why: dict[str, list[str]] = {}
    for kind, each in rankings.items():
        for ranked in each:
            scores[ranked.tool] = scores.get(ranked.tool, 0.0) + ranked.score * weights[kind] / whole
            why.setdefault(ranked.tool, []).append(f"{kind} {ranked.score:.2f}: {ranked.why}")
    return ranking(scores, {tool: "; ".join(texts) for tool, texts in why.items()}, order)
