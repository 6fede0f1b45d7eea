"""The race: the worse half is dropped, and what wins by luck is not accepted."""

import random

from workbench.core.statistics.paired_counts import mid_p
from workbench.core.suite.race import round_sizes, standings

TUNE, HELD_OUT = 40, 60
"""At most 100 cases for a candidate."""
RUNS = 600


def test_rounds_use_all_cases_and_leave_one_candidate() -> None:
    assert round_sizes(4, 41) == (21, 20)
    assert round_sizes(2, 10) == (10,)
    assert round_sizes(8, 2) == (1, 1)
    for candidates in range(1, 20):
        left = candidates
        for _ in round_sizes(candidates, 100):
            left = -(-left // 2)
        assert left == 1


def test_the_worse_half_is_dropped_and_of_equals_the_first_stays() -> None:
    leads = {"a": [0.0, 0.0], "b": [1.0, 0.0], "c": [0.0, 0.0], "d": [-1.0, 0.0]}
    found = standings(leads, is_last=False)
    assert [(each.candidate, each.is_dropped) for each in found] == [
        ("b", False),
        ("a", False),
        ("c", True),
        ("d", True),
    ]
    assert [each.candidate for each in standings(leads, is_last=True) if not each.is_dropped] == ["b"]


def outcomes(rng: random.Random, cases: int, fixed: int, broken: int) -> list[float]:
    return [float(each) for each in rng.choices((1, -1, 0), (fixed, broken, 100 - fixed - broken), k=cases)]


def accepted(rng: random.Random, rates: list[tuple[int, int]]) -> int | None:
    """The candidate that a race of these (fixed, broken) rates accepts."""
    leads: dict[str, list[float]] = {str(number): [] for number in range(len(rates))}
    sizes = round_sizes(len(rates), TUNE)
    for number, size in enumerate(sizes, 1):
        for name, own in leads.items():
            own += outcomes(rng, size, *rates[int(name)])
        found = standings(leads, is_last=number == len(sizes))
        leads = {each.candidate: leads[each.candidate] for each in found if not each.is_dropped}
    (winner,) = leads
    held_out = outcomes(rng, HELD_OUT, *rates[int(winner)])
    up, down = held_out.count(1), held_out.count(-1)
    return int(winner) if up > down and mid_p(up, down) <= 0.05 else None


def test_a_rewrite_that_is_twenty_points_better_is_accepted_in_four_of_five_races() -> None:
    rng = random.Random(11)
    found = sum(accepted(rng, [(10, 10), (24, 4), (10, 10), (10, 10)]) == 1 for _ in range(RUNS))
    assert found / RUNS >= 0.8 - 2 * (0.8 * 0.2 / RUNS) ** 0.5


def test_rewrites_that_change_nothing_are_hardly_ever_accepted() -> None:
    rng = random.Random(12)
    found = sum(accepted(rng, [(10, 10)] * 4) is not None for _ in range(RUNS))
    assert found / RUNS <= 0.05 + 2 * (0.05 * 0.95 / RUNS) ** 0.5
