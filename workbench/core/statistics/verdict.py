"""From paired differences to a word: improvement, regression, no change, or insufficient data."""

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Literal

import msgspec

from workbench.core.interval import Z95, Interval
from workbench.core.statistics.differences import (
    FEW_CLUSTERS,
    Clustered,
    bca_interval,
    sign_permutation_p,
    t_interval,
    wild_cluster_p,
)
from workbench.core.statistics.paired_counts import e_value, mid_p
from workbench.core.statistics.planning import MOST_CASES, cases_for_no_change, cases_needed

Word = Literal["improvement", "regression", "no change", "insufficient data"]
ALPHA = 0.05
LEAST_FOR_NO_CHANGE = 10
"""Equal answers of a handful of cases, or clusters, show nothing."""
_LEAST_DIFFERING = 1e-9


class PairedDifference(msgspec.Struct, frozen=True, kw_only=True):
    """What one comparison showed, before it is judged among others. `mean` is after less before over `cases` cases;
    `fixed` and `broken` are units (cases, or clusters where there are fewer) that went up and down."""

    mean: float
    interval: Interval
    p: float
    test: str
    cases: int
    clusters: int
    fixed: int
    broken: int
    differing: float
    """The share of cases that differ."""
    spread: float = 1.0
    """How much larger the standard error is for clusters than it were for independent cases."""


class Judged(msgspec.Struct, frozen=True):
    """The word, the p that counts among all comparisons, and how many more cases would settle it (None: too many, or
    nothing to settle)."""

    word: Word
    adjusted_p: float
    more_cases: int | None = None


def difference_of(
    values: Sequence[float], clusters: Sequence[str], *, is_yes_no: bool, is_early: bool = False
) -> PairedDifference:
    """The difference that these cases show. `values` are after less before, one a case, its trials averaged; yes/no
    values lie between −1 and 1. `is_early`: the test stays valid however often it is looked at."""
    clustered = Clustered(values, clusters)
    count = len(clustered.sums)
    fixed = sum(total > _LEAST_DIFFERING for total in clustered.sums)
    broken = sum(total < -_LEAST_DIFFERING for total in clustered.sums)
    is_plain = is_yes_no and count == len(values) and all(value in (-1, 0, 1) for value in values)
    if is_early:
        p, test = min(1.0, 1.0 / e_value(fixed, broken)), "e-value"
    elif is_plain:
        p, test = mid_p(fixed, broken), "McNemar, mid-p"
    elif count < FEW_CLUSTERS:
        p, test = wild_cluster_p(clustered), "wild cluster bootstrap"
    else:
        p, test = sign_permutation_p(clustered.sums), "sign permutation"
    plain_error = Clustered(values, [str(place) for place in range(len(values))]).standard_error
    error = clustered.standard_error
    return PairedDifference(
        mean=clustered.mean,
        interval=_interval(clustered, fixed, broken, is_plain=is_plain, is_yes_no=is_yes_no),
        p=p,
        test=test,
        cases=len(values),
        clusters=count,
        fixed=fixed,
        broken=broken,
        differing=sum(abs(value) > _LEAST_DIFFERING for value in values) / len(values) if values else 0.0,
        spread=max(1.0, error / plain_error) if 0 < plain_error < float("inf") and error < float("inf") else 1.0,
    )


def judge(
    difference: PairedDifference, *, adjusted_p: float, margin: float, alpha: float = ALPHA, family: int = 1
) -> Judged:
    """The word for a difference in which more is better. `margin` is what still counts as no change, `family` among how
    many comparisons it was looked at: to stand out among more takes more cases."""
    low, high = difference.interval.low, difference.interval.high
    if adjusted_p <= alpha and low > 0:
        return Judged("improvement", adjusted_p)
    if adjusted_p <= alpha and high < 0:
        return Judged("regression", adjusted_p)
    if difference.clusters >= LEAST_FOR_NO_CHANGE and -margin < low and high < margin:
        return Judged("no change", adjusted_p)
    return Judged("insufficient data", adjusted_p, more_cases(difference, margin=margin, alpha=alpha / family))


def more_cases(difference: PairedDifference, *, margin: float, alpha: float = ALPHA) -> int | None:
    """How many more cases would settle it if they go on like these: show the difference, or show that there is none
    that matters. None: more than anybody would write."""
    if not difference.cases:
        return None
    units = max(1, difference.clusters)
    size, worth = difference.cases / units, difference.spread**2
    wanted = []
    shown = cases_needed(difference.fixed / units, difference.broken / units, alpha=alpha)
    if shown is not None:
        wanted.append(shown * size)
    if margin > 0 and abs(difference.mean) < margin:
        differing = max(difference.differing, 1 / (difference.cases + 2))
        wanted.append(cases_for_no_change(differing, margin - abs(difference.mean)) * worth)
    if not wanted or min(wanted) > MOST_CASES:
        return None
    return max(1, ceil(min(wanted)) - difference.cases)


def paired_rate_interval(fixed: int, broken: int, cases: int) -> Interval:
    """The 95 % interval of the difference of two rates on the same cases, half a case added to each of the four cells
    (Agresti and Min 2005, Statistics in Medicine 24)."""
    if not cases:
        return Interval(-1.0, 1.0)
    total = cases + 2
    mean = (fixed - broken) / total
    half = Z95 * sqrt(max(0.0, (fixed + broken + 1) - (fixed - broken) ** 2 / total)) / total
    return Interval(max(-1.0, mean - half), min(1.0, mean + half))


def _interval(clustered: Clustered, fixed: int, broken: int, *, is_plain: bool, is_yes_no: bool) -> Interval:
    if is_plain:
        return paired_rate_interval(fixed, broken, clustered.cases)
    # Equal answers everywhere do not show that a rate cannot differ: one cluster more might have.
    least = 1 / (len(clustered.sums) + 2) if is_yes_no else 0.0
    floor = t_interval(clustered, least_error=least)
    if len(clustered.sums) < FEW_CLUSTERS or clustered.standard_error <= least:
        return floor
    return bca_interval(clustered)
