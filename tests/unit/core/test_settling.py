"""When two shares can be told apart, and how much counting that takes."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.interval import MOST_TRIALS
from workbench.core.settling import FEWEST, SAME_WITHIN, trials_to_distinguish, verdict_of
from workbench.core.share import Share, change


def test_a_clear_change_is_better_or_worse_and_a_small_sample_cannot_tell() -> None:
    assert verdict_of(Share(18, 20), Share(4, 20)) == "better"
    assert verdict_of(Share(4, 20), Share(18, 20)) == "worse"
    assert verdict_of(Share(3, 5), Share(2, 5)) == "cannot tell yet"


def test_shares_that_surely_differ_by_little_are_the_same() -> None:
    assert verdict_of(Share(500, 1000), Share(500, 1000)) == "the same"
    assert verdict_of(Share(5, 10), Share(5, 10)) == "cannot tell yet"


def test_what_is_settled_needs_no_more_samples() -> None:
    assert trials_to_distinguish(Share(18, 20), Share(4, 20)) == 20
    assert trials_to_distinguish(Share(9, 10), Share(4, 20)) == 20


def test_a_small_difference_takes_more_samples_and_none_takes_until_it_is_surely_small() -> None:
    needed = trials_to_distinguish(Share(6, 10), Share(4, 10))
    assert needed is not None
    assert 40 < needed < 200
    same = trials_to_distinguish(Share(5, 10), Share(5, 10))
    assert same is not None
    assert change(Share(same * 0.5, same), Share(same * 0.5, same)).high <= SAME_WITHIN


def test_a_handful_of_samples_is_not_enough_however_they_fell() -> None:
    assert verdict_of(Share(2, 2), Share(0, 2)) == "cannot tell yet"
    assert trials_to_distinguish(Share(2, 2), Share(0, 2)) == FEWEST
    assert verdict_of(Share(FEWEST, FEWEST), Share(0, FEWEST)) == "better"


def test_nothing_sampled_settles_nothing() -> None:
    assert trials_to_distinguish(Share(0, 0), Share(3, 5)) is None
    assert trials_to_distinguish(Share(3, 5), Share(0, 0)) is None


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_with_as_many_samples_as_it_says_a_verdict_can_be_given(trials: int, other: int, data: st.DataObject) -> None:
    count, before = data.draw(st.integers(0, trials)), data.draw(st.integers(0, other))
    needed = trials_to_distinguish(Share(count, trials), Share(before, other))
    if needed is None or needed == max(trials, other):
        return
    assert max(trials, other) < needed <= MOST_TRIALS
    share, old = count / trials, before / other
    interval = change(Share(share * needed, needed), Share(old * needed, needed))
    assert 0.0 not in interval or (interval.low >= -SAME_WITHIN and interval.high <= SAME_WITHIN)


def test_exact_shares_are_settled_by_one_sample_of_each() -> None:
    right, wrong = Share(1, 1, is_exact=True), Share(0, 1, is_exact=True)
    assert verdict_of(right, wrong) == "better"
    assert verdict_of(wrong, right) == "worse"
    assert verdict_of(right, right) == "the same"
    assert trials_to_distinguish(right, wrong) == trials_to_distinguish(right, right) == 1
    assert (change(right, wrong).low, change(right, wrong).high) == (1.0, 1.0)


def test_beside_an_exact_share_only_the_other_needs_samples() -> None:
    exact = Share(1, 1, is_exact=True)
    assert verdict_of(Share(0, 4), exact) == "cannot tell yet"
    assert verdict_of(Share(0, FEWEST), exact) == "worse"
    assert trials_to_distinguish(Share(0, 2), exact) == FEWEST
