"""How sure a count makes us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.interval import MOST_TRIALS, trials_to_lead, wilson
from workbench.core.share import Share, change


@pytest.mark.parametrize(
    ("count", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_is_the_one_in_the_literature(count: int, trials: int, low: float, high: float) -> None:
    interval = wilson(count, trials)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_the_interval_of_a_difference_is_the_one_in_the_literature() -> None:
    interval = change(Share(56, 70), Share(48, 80))  # Newcombe 1998, method 10
    assert (interval.low, interval.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


def test_nothing_tried_says_nothing() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)
    assert 0.0 in change(Share(0, 0), Share(3, 3))
    assert trials_to_lead(0, 0, 0) is None


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_share_lies_in_its_interval_and_more_trials_make_it_narrower(count: int, trials: int) -> None:
    count = min(count, trials)
    interval = wilson(count, trials)
    assert 0.0 <= interval.low <= count / trials <= interval.high <= 1.0
    wider = wilson(count * 4, trials * 4)
    assert wider.high - wider.low <= interval.high - interval.low


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60))
def test_the_trials_that_would_settle_it_do(first: int, second: int, rest: int) -> None:
    trials = first + second + rest
    needed = trials_to_lead(first, second, trials)
    if needed is None:
        return
    assert trials <= needed <= MOST_TRIALS
    scale = needed / trials
    assert wilson(first * scale, needed).low > wilson(second * scale, needed).high
    if needed > trials:
        assert wilson(first, trials).low <= wilson(second, trials).high


def test_a_tie_is_never_settled_and_unanimity_soon() -> None:
    assert trials_to_lead(5, 5, 10) is None
    assert trials_to_lead(50, 49, 99) is None
    assert trials_to_lead(3, 0, 3) == 4
