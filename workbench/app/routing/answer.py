"""What a selector answers."""

from collections.abc import Awaitable, Callable

import msgspec

from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.ranking import Ranking
from workbench.core.routing.situation import Situation


class SelectorAnswer(msgspec.Struct, frozen=True):
    """What a selector answered. `note` says what kept it from doing so, `trail` what it did, `spent` are tokens that a
    model took."""

    ranking: Ranking = ()
    note: str = ""
    trail: tuple[str, ...] = ()
    spent: int = 0


Selector = Callable[[RoutingPlan, Situation], Awaitable[SelectorAnswer]]
"""Raises `WorkbenchError` for what the person can put right."""
