"""What a suite run would take, and whether it could settle anything."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from workbench.app.suites.suite_order import BATCH, HERE
from workbench.core.statistics.planning import cases_needed, power
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.trial import Trial

PILOT_CASES = 30
PRICE_SHARE = Decimal("0.5")
"""What a request in a batch costs of what it costs by itself, with both vendors."""


class SuiteEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """What a run takes. `cached` answers are known already and cost nothing; None: nobody knows."""

    cases: int
    arms: int
    trials: int
    cached: int = 0
    seconds: float | None = None
    dollars: Decimal | None = None
    basis: str = ""
    on: str = HERE
    """Where it would run; `dollars` are the price there."""
    has_batches: bool = False
    """Whether all its models have a batch API."""


class Prospect(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a comparison could be settled, if these shares of cases are fixed and broken. `needed` is None where no
    number of cases that anybody would write is enough."""

    fixed: float
    broken: float
    cases: int
    power: float
    needed: int | None
    basis: str


def prospect(fixed: float, broken: float, cases: int, *, basis: str = "as you said") -> Prospect:
    """What these shares would mean for this many cases."""
    return Prospect(
        fixed=fixed,
        broken=broken,
        cases=cases,
        power=power(cases, fixed, broken),
        needed=cases_needed(fixed, broken),
        basis=basis,
    )


def pilot(results: SuiteResults, variant: str = "") -> Prospect | None:
    """The same from a suite run of two arms on at least `PILOT_CASES` cases; None where it is none. `variant` names the
    second arm; the second one without."""
    if len(results.run.arms) < 2:
        return None
    before, *others = results.run.arms
    after = next((arm for arm in others if variant in ("", arm.variant)), others[0])
    one, other = results.of_arm(before.key), results.of_arm(after.key)
    pairs = [(one[key].right, other[key].right) for key in one if key in other]
    known = [(first, second) for first, second in pairs if first is not None and second is not None]
    if len(known) < PILOT_CASES:
        return None
    fixed = sum(second > first for first, second in known) / len(known)
    broken = sum(second < first for first, second in known) / len(known)
    return prospect(fixed, broken, len(known), basis=f"measured on {len(known)} cases")


def estimate(
    cases: int,
    arms: int,
    wanted: int,
    cached: int,
    measured: Sequence[tuple[Trial, bool]],
    *,
    concurrency: int | None,
    is_free: bool,
    on: str = HERE,
    has_batches: bool = False,
) -> SuiteEstimate:
    """What this many trials take, by what trials of the same models took before. `measured` says of each trial whether
    it was asked in a batch, for half the price and in a time that says nothing about other ways. `concurrency` is None
    where nobody knows it yet."""
    asked = [(trial, was_batched) for trial, was_batched in measured if trial.grade is not None]
    open_trials = wanted - cached
    seconds = dollars = None
    basis = "nothing was measured yet; run a few cases first"
    if asked:
        took = [trial.seconds for trial, was_batched in asked if not was_batched]
        if took and concurrency is not None and on != BATCH:
            seconds = sum(took) / len(took) * open_trials / max(1, concurrency)
        costs = [(trial.cost, was_batched) for trial, was_batched in asked]
        known = [cost / PRICE_SHARE if was_batched else cost for cost, was_batched in costs if cost is not None]
        if len(known) == len(costs):
            share = PRICE_SHARE if on == BATCH else Decimal(1)
            dollars = sum(known, Decimal(0)) / len(known) * open_trials * share
        basis = f"by {len(asked)} trials of earlier suite runs"
    if is_free or not open_trials:
        dollars = Decimal(0)
    return SuiteEstimate(
        cases=cases,
        arms=arms,
        trials=wanted,
        cached=cached,
        seconds=seconds,
        dollars=dollars,
        basis=basis,
        on=on,
        has_batches=has_batches,
    )
