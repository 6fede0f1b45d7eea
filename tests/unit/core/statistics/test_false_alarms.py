"""How often verdicts are wrong: chance alone must not look like an improvement, and a real one has to show."""

import random
from itertools import pairwise

import pytest

from tests.support import tally
from workbench.core.statistics import differences as resampling
from workbench.core.statistics.paired_counts import e_value, mid_p
from workbench.core.statistics.verdict import difference_of, judge

RUNS = tally.size(100, 300, 1000)
ALLOWED = 0.05 + 2 * (0.05 * 0.95 / RUNS) ** 0.5
"""5 %, and what so many runs may miss it by."""


def differences(rng: random.Random, clusters: int, repeats: int, size: int) -> tuple[list[float], list[str]]:
    """Two arms that are equal on average; cases of a cluster have alike rates, which differ between the arms."""
    values, names = [], []
    for cluster in range(clusters):
        base = rng.betavariate(2, 1)
        rates = [min(1.0, max(0.0, base + rng.gauss(0, 0.2))) for _ in range(2)]
        for _ in range(size):
            shares = [sum(rng.random() < rate for _ in range(repeats)) / repeats for rate in rates]
            values.append(shares[1] - shares[0])
            names.append(str(cluster))
    return values, names


@pytest.mark.parametrize("repeats", [1, 5])
@pytest.mark.parametrize(("clusters", "size"), [(8, 6), (20, 4), (60, 1), (45, 3)])
def test_chance_is_called_a_difference_in_at_most_five_percent(
    clusters: int, size: int, repeats: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resampling, "RESAMPLES", 399)
    rng = random.Random(clusters * 10 + repeats)
    alarms = 0
    for _ in range(RUNS):
        found = difference_of(*differences(rng, clusters, repeats, size), is_yes_no=True)
        # The interval can only take alarms away, and takes long.
        alarms += found.p <= 0.05
    assert alarms / RUNS <= ALLOWED


@pytest.mark.parametrize("repeats", [1, 5])
@pytest.mark.parametrize(("clusters", "size"), [(8, 6), (20, 4), (120, 1)])
def test_looking_after_every_case_raises_no_more_alarms(clusters: int, size: int, repeats: int) -> None:
    rng = random.Random(clusters * 10 + repeats)
    alarms = 0
    for _ in range(RUNS):
        values, names = differences(rng, clusters, repeats, size)
        sums: dict[str, float] = {}
        for value, name in zip(values, names, strict=True):
            sums[name] = sums.get(name, 0.0) + value
        ups = [0]
        downs = [0]
        for total in sums.values():
            ups.append(ups[-1] + (total > 0))
            downs.append(downs[-1] + (total < 0))
        alarms += any(e_value(up, down) >= 20 for up, down in zip(ups, downs, strict=True))
    assert alarms / RUNS <= ALLOWED


def test_repeating_a_test_that_is_made_for_one_look_does_raise_alarms() -> None:
    """What the test above would find if early stopping used the ordinary test."""
    rng = random.Random(3)
    alarms = 0
    for _ in range(RUNS):
        outcomes = [rng.choices((1, -1, 0), (10, 10, 80))[0] for _ in range(200)]
        looks = [outcomes[:count] for count in range(30, 201, 10)]
        alarms += any(mid_p(look.count(1), look.count(-1)) <= 0.05 for look in looks)
    assert alarms / RUNS > 0.08


@pytest.mark.parametrize(("cases", "fixed", "broken"), [(100, 12, 2), (160, 15, 5)])
def test_ten_points_more_are_found_in_four_of_five_runs(cases: int, fixed: int, broken: int) -> None:
    rng = random.Random(cases)
    names = [str(number) for number in range(cases)]
    found = 0
    for _ in range(RUNS):
        values = [float(each) for each in rng.choices((1, -1, 0), (fixed, broken, 100 - fixed - broken), k=cases)]
        difference = difference_of(values, names, is_yes_no=True)
        found += judge(difference, adjusted_p=difference.p, margin=0.05).word == "improvement"
    assert found / RUNS >= 0.8 - 2 * (0.8 * 0.2 / RUNS) ** 0.5


def test_words_follow_from_interval_and_p() -> None:
    def word(fixed: int, broken: int, same: int) -> tuple[str, int | None]:
        values = [1.0] * fixed + [-1.0] * broken + [0.0] * same
        difference = difference_of(values, [str(number) for number in range(len(values))], is_yes_no=True)
        judged = judge(difference, adjusted_p=difference.p, margin=0.05)
        return judged.word, judged.more_cases

    assert word(12, 2, 86)[0] == "improvement"
    assert word(2, 12, 86)[0] == "regression"
    assert word(1, 1, 148)[0] == "no change"
    assert word(0, 0, 3)[0] == "insufficient data"
    few, more = word(4, 1, 25)
    assert few == "insufficient data"
    assert more is not None
    assert 30 < more < 150


def test_a_hopeless_question_says_so_instead_of_asking_for_cases() -> None:
    difference = difference_of([1.0, -1.0] * 20, [str(number) for number in range(40)], is_yes_no=True)
    judged = judge(difference, adjusted_p=difference.p, margin=0.001)
    assert (judged.word, judged.more_cases) == ("insufficient data", None)


def test_more_cases_that_agree_narrow_the_interval() -> None:
    widths = []
    for cases in (20, 80, 320):
        values = [1.0 if number % 10 == 0 else 0.0 for number in range(cases)]
        found = difference_of(values, [str(number) for number in range(cases)], is_yes_no=True).interval
        widths.append(found.high - found.low)
    assert all(wide > narrow for wide, narrow in pairwise(widths))
