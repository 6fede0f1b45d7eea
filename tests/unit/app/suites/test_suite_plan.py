"""What a suite run would take: half the price in batches, and whatever was measured in batches says the full one."""

from decimal import Decimal

import msgspec

from workbench.app.suites.suite_order import SuiteOrder
from workbench.app.suites.suite_plan import SuiteEstimate, estimate
from workbench.app.suites.suite_words import estimate_words
from workbench.core.suite.grade import Grade
from workbench.core.suite.trial import Trial

ASKED = Trial(
    case="c",
    arm="a",
    grade=Grade(is_right=True, expected="look", chosen="look"),
    dollars="0.02",
    seconds=3.0,
)
BATCHED = msgspec.structs.replace(ASKED, dollars="0.01", seconds=4_000.0)


def estimated(*measured: tuple[Trial, bool], on: str = "here", has_batches: bool = True) -> SuiteEstimate:
    return estimate(10, 2, 100, 0, measured, concurrency=4, is_free=False, on=on, has_batches=has_batches)


def test_batches_cost_half_and_take_a_day_a_round() -> None:
    here, batch = estimated((ASKED, False)), estimated((ASKED, False), on="batch")
    assert (here.dollars, here.seconds) == (Decimal(2), 75.0)
    assert (batch.dollars, batch.seconds) == (Decimal(1), None)
    assert "$2.0000, $1.0000 in batches" in estimate_words(here)
    assert "up to 24 hours a round, $1.0000 instead of $2.0000" in estimate_words(batch)
    assert "in batches" not in estimate_words(estimated((ASKED, False), has_batches=False))
    assert "batches" not in estimate_words(estimated((ASKED, False), on="dask://127.0.0.1:8786"))


def test_a_cluster_decides_how_many_trials_run_at_a_time() -> None:
    here, there = SuiteOrder(suite="s"), SuiteOrder(suite="s", on="dask://there:1")
    assert (here.at_once, there.at_once) == (4, None)
    assert msgspec.structs.replace(there, concurrency=9).at_once == 9
    assert SuiteOrder(suite="s", on="batch", concurrency=9).at_once is None
    unknown = estimate(10, 2, 100, 0, [(ASKED, False)], concurrency=there.at_once, is_free=False, on=there.on)
    assert unknown.seconds is None
    assert "as fast as its workers are" in estimate_words(unknown)


def test_what_was_asked_in_a_batch_says_the_price_and_not_the_time() -> None:
    found = estimated((BATCHED, True))
    assert (found.dollars, found.seconds) == (Decimal(2), None)
    both = estimated((BATCHED, True), (ASKED, False))
    assert (both.dollars, both.seconds) == (Decimal(2), 75.0)
