"""How many cases it takes. Everything counts cases, each paired between two arms."""

from functools import cache
from math import ceil

from workbench.core.interval import Z95

MOST_CASES = 5_000
"""Beyond this a question counts as not worth asking."""


@cache
def power(cases: int, fixed: float, broken: float, alpha: float = 0.05) -> float:
    """How likely the mid-p test calls a difference in the right direction, if a case is fixed and broken with these
    probabilities. Exact: a sum over all counts of cases that differ (Connor 1987, Biometrics 43)."""
    import numpy
    from scipy.stats import binom

    share = fixed + broken
    if share <= 0:
        return 0.0
    up = max(fixed, broken) / share
    chances = binom.pmf(numpy.arange(cases + 1), cases, share)
    differing = numpy.nonzero(chances > 1e-9)[0]
    least = numpy.array(_least_to_win(alpha))[differing]
    return float(numpy.sum(chances[differing] * binom.sf(least - 1, differing, up)))


def cases_needed(fixed: float, broken: float, *, alpha: float = 0.05, wanted: float = 0.8) -> int | None:
    """The fewest cases at which the power is at least `wanted`; None when that is more than `MOST_CASES`."""
    if abs(fixed - broken) < 1e-9 or power(MOST_CASES, fixed, broken, alpha) < wanted:
        return None
    few, many = 1, MOST_CASES
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if power(middle, fixed, broken, alpha) >= wanted else (middle, many)
    return many


def cases_for_no_change(differing: float, margin: float) -> int:
    """The cases at which the 95 % interval of no difference lies within ± `margin`, if this share of them differs."""
    return ceil(Z95 * Z95 * differing / (margin * margin) - 1e-9)


@cache
def _least_to_win(alpha: float) -> tuple[int, ...]:
    """For each number of differing cases, the fewest that have to be fixed; one more than there are where no number is
    enough."""
    import numpy
    from scipy.stats import binom

    differing = numpy.arange(MOST_CASES + 1)
    nearest = binom.isf(alpha / 2, differing, 0.5)
    least = differing + 1
    for step in (2, 1, 0, -1):  # the smallest one is found last
        fixed = nearest + step
        mid_p = 2 * binom.sf(fixed - 1, differing, 0.5) - binom.pmf(fixed, differing, 0.5)
        wins = (mid_p <= alpha) & (2 * fixed > differing) & (fixed <= differing)
        least = numpy.where(wins, fixed, least)
    return tuple(int(each) for each in least)
