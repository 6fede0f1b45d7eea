"""The result of routing a request: the tools that are offered, and why."""

from collections.abc import Collection
from typing import Literal

import msgspec

from workbench.core.json_text import JsonObject

MOST_CANDIDATES = 30
"""How many are recorded, besides those that must not be offered; a ranking of thousands says no more."""

RoutedHow = Literal["ranked", "fallback", "forced"]
CandidateState = Literal["offered", "always", "named", "called", "never", "not loaded", "not offered"]
"""Why a tool is offered or not: by its score, by the list `always`, because the request or the tool choice names it,
because it was called before in this turn; by the list `never`, because its loader failed, or
because others came first."""


class Candidate(msgspec.Struct, frozen=True):
    """A tool that was considered. `why` is what the selectors say about it."""

    tool: str
    score: float
    state: CandidateState
    why: str = ""


class Routed(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome. `offered` are names in the order of the project's tools, `candidates` the best first.

    `forced` is the tool that has to be called: the router's choice, not the model's. `note` says what went wrong, or
    why the fallback was offered. `tokens` are about those of all tools and of the offered ones; `spent` are those that
    a model took to choose.
    """

    selector: str
    request: str
    offered: tuple[str, ...]
    candidates: tuple[Candidate, ...] = ()
    how: RoutedHow = "ranked"
    forced: str = ""
    note: str = ""
    took_ms: float = 0.0
    tokens: tuple[int, int] = (0, 0)
    spent: int = 0
    trail: tuple[str, ...] = ()
    """What the selectors did, step by step: what was asked and what came back."""
    loaded: dict[str, JsonObject] = {}
    """Offered tools that loaders completed → the keys they gave, in place of those in the tools' files."""
    unloaded: tuple[str, ...] = ()
    """Tools that are incomplete, because their loaders have not run."""

    def state_of(self, tool: str) -> CandidateState:
        """Why a tool is offered or not."""
        known = next((each.state for each in self.candidates if each.tool == tool), None)
        return known or ("offered" if tool in self.offered else "not offered")

    def rank_of(self, tool: str) -> int | None:
        """The place of a tool in the ranking, from 1; None where it is not in it."""
        return next((place for place, each in enumerate(self.ranked, 1) if each.tool == tool), None)

    @property
    def ranked(self) -> tuple[Candidate, ...]:
        """The candidates that a selector gave a score."""
        return tuple(each for each in self.candidates if each.score > 0)

    def missing(self, tools: Collection[str]) -> tuple[str, ...]:
        """Those of `tools` that are not offered."""
        return tuple(tool for tool in tools if tool not in self.offered)
