"""What is to be run of a suite."""

from decimal import Decimal
from typing import Literal

import msgspec

from workbench.core.suite.case import Split


class SuiteOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be run: every variant (the empty name is the project as it is) with every model and every selector,
    None being the project's own."""

    suite: str
    variants: tuple[str, ...] = ("",)
    models: tuple[str | None, ...] = (None,)
    selectors: tuple[str | None, ...] = (None,)
    trials: int = 1
    split: Split | Literal["all"] = "tune"
    concurrency: int = 4
    budget: Decimal | None = None
    per_cluster: int | None = None
    """Use at most so many cases of each cluster: a cheap look, since the clusters are what counts."""
    only: tuple[str, ...] = ()
    """Use only the cases of these ids."""
    stop_early: bool = False
    on: Literal["here", "batch"] = "here"
    """Where models are asked: one request at a time, or through their batch APIs."""
    reuse: bool = True
    """Take over answers of earlier suite runs to exactly the same request, where the model always answers the same."""
    race: str = ""
    """The race it belongs to (`suite_race`)."""
