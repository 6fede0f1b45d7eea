"""Every formula against values that were worked out elsewhere, or against scipy's own."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.interval import wilson
from workbench.core.statistics.differences import (
    Clustered,
    bca_interval,
    sign_permutation_p,
    t_interval,
    wild_cluster_p,
)
from workbench.core.statistics.holm import holm
from workbench.core.statistics.paired_counts import e_value, exact_p, mid_p
from workbench.core.statistics.planning import cases_for_no_change, cases_needed, power
from workbench.core.statistics.rates import effective_cases, intra_cluster_correlation, rate_interval


@pytest.mark.parametrize(
    ("fixed", "broken", "exact", "mid", "evidence"),
    [
        (12, 2, 0.012939, 0.007385, 10.8823),
        (15, 5, 0.041389, 0.026604, 2.4045),
        (8, 3, 0.226562, 0.145996, 0.7617),
        (5, 0, 0.062500, 0.031250, 7.8750),
        (7, 7, 1.0, 1.0, 0.2095),
        (1, 0, 1.0, 0.5, 1.0),
    ],
)
def test_paired_counts_give_the_published_values(
    fixed: int, broken: int, exact: float, mid: float, evidence: float
) -> None:
    assert exact_p(fixed, broken) == pytest.approx(exact, abs=1e-6)
    assert mid_p(fixed, broken) == pytest.approx(mid, abs=1e-6)
    assert e_value(fixed, broken) == pytest.approx(evidence, abs=1e-4)


@given(st.integers(0, 40), st.integers(0, 40))
def test_paired_tests_do_not_care_which_arm_comes_first(fixed: int, broken: int) -> None:
    assert mid_p(fixed, broken) == pytest.approx(mid_p(broken, fixed))
    assert e_value(fixed, broken) == pytest.approx(e_value(broken, fixed))
    assert 0 <= mid_p(fixed, broken) <= exact_p(fixed, broken) <= 1


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [
        (0, 10, 0, 0.2775),
        (10, 10, 0.7225, 1),
        (9, 10, 0.5958, 0.9821),
        (85, 100, 0.7672, 0.9069),
        (147, 150, 0.9429, 0.9932),
    ],
)
def test_one_rate_has_wilsons_interval(right: int, of: int, low: float, high: float) -> None:
    found = wilson(right, of)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
    values = [1.0] * right + [0.0] * (of - right)
    assert rate_interval(values, [str(number) for number in range(of)]) == found


@pytest.mark.parametrize(
    ("fixed", "broken", "at_five", "at_one"),
    [
        (10, 0, 70, 90),
        (12, 2, 100, 150),
        (15, 5, 160, 230),
        (20, 10, 230, 350),
        (7, 2, 280, 400),
        (8, 3, 340, 500),
        (14, 2, 80, 120),
        (24, 4, 50, 80),
    ],
)
def test_the_plan_needs_as_many_cases_as_the_table_says(fixed: int, broken: int, at_five: int, at_one: int) -> None:
    """The table goes in steps of ten."""
    for wanted, alpha in ((at_five, 0.05), (at_one, 0.01)):
        found = cases_needed(fixed / 100, broken / 100, alpha=alpha)
        assert found is not None
        assert wanted - 10 <= found <= wanted
        assert power(found, fixed / 100, broken / 100, alpha) >= 0.8


def test_cases_that_are_fixed_as_often_as_broken_can_never_be_settled() -> None:
    assert cases_needed(0.1, 0.1) is None
    assert cases_needed(0.0, 0.0) is None


def test_bounds_need_as_many_cases_as_published() -> None:
    assert [cases_for_no_change(share, 0.05) for share in (0.05, 0.1, 0.2, 0.3)] == [77, 154, 308, 461]


def test_holm_is_as_in_the_paper_and_counts_looks_of_which_nothing_else_is_known() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.01], further=3) == pytest.approx((0.04,))
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_makes_a_p_value_smaller_and_keeps_their_order(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(one <= other <= 1 for one, other in zip(p_values, adjusted, strict=True))
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    assert [adjusted[place] for place in order] == sorted(adjusted)


def test_sign_permutation_of_a_few_values_is_exact() -> None:
    """Of 2⁵ patterns of signs, two have all signs alike."""
    assert sign_permutation_p([1, 2, 3, 4, 5]) == pytest.approx(2 / 32)
    assert sign_permutation_p([0, 0, 0]) == 1.0


def test_the_t_interval_of_single_cases_is_the_textbook_one() -> None:
    from scipy.stats import ttest_1samp

    values = [0.5, -0.25, 1.0, 0.75, 0.0, 0.5, 0.25]
    wanted = ttest_1samp(values, 0).confidence_interval(0.95)
    found = t_interval(Clustered(values, list("abcdefg")))
    assert (found.low, found.high) == (pytest.approx(wanted.low), pytest.approx(wanted.high))


def test_the_wild_bootstrap_of_equal_clusters_agrees_with_shuffling_their_signs() -> None:
    """With clusters of one size, t grows with the mean, so both order the patterns of signs alike."""
    values = [0.5, -0.25, 1.0, 0.75, 0.125, 0.5, 0.3]
    assert wild_cluster_p(Clustered(values, list("abcdefg"))) == pytest.approx(sign_permutation_p(values))
    assert wild_cluster_p(Clustered([1.0] * 5, list("abcde"))) == pytest.approx(2 / 32)


def test_the_bootstrap_resamples_whole_clusters() -> None:
    """Copies of a case in its cluster change neither interval nor p: they bring nothing new."""
    rng = random.Random(7)
    values = [rng.choice((-1.0, 0.0, 0.0, 1.0, 1.0)) for _ in range(60)]
    names = [str(number) for number in range(60)]
    once, copied = Clustered(values, names), Clustered(values * 4, names * 4)
    assert once.standard_error == pytest.approx(copied.standard_error)
    one, other = bca_interval(once), bca_interval(copied)
    assert (one.low, one.high) == (pytest.approx(other.low), pytest.approx(other.high))
    assert abs((one.high - one.low) / (2 * 1.96 * once.standard_error) - 1) < 0.1


def test_alike_cases_of_a_cluster_are_worth_one() -> None:
    clusters = [str(number // 5) for number in range(50)]
    alike = [float(number // 5 % 2) for number in range(50)]
    mixed = [float(number % 5 < 2) for number in range(50)]
    assert intra_cluster_correlation(alike, clusters) == pytest.approx(1.0)
    assert effective_cases(alike, clusters) == pytest.approx(10)
    assert effective_cases(mixed, clusters) == pytest.approx(50)
    wide, narrow = rate_interval(alike, clusters), rate_interval(mixed, clusters)
    assert wide.high - wide.low > 1.8 * (narrow.high - narrow.low)
