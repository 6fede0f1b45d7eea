"""How many samples would distinguish two choices' shares, or show that they hardly differ.

The rule is the one that judges differences: with this many samples of each, and the shares as they are, Newcombe's
interval for their difference is entirely on one side of zero. Shares drift while one counts, so it is an estimate.
"""

from typing import Literal

from workbench.core.interval import MOST_TRIALS, Z95, Interval
from workbench.core.share import Share, change

SampleVerdict = Literal["better", "worse", "the same", "cannot tell yet"]
FEWEST = 5
"""With fewer samples on a side there is no verdict: the interval is an approximation that two or three samples can
fool.
"""
SAME_WITHIN = 0.1
"""Shares whose difference is certainly within this are called the same."""


def verdict_of(now: Share, before: Share) -> SampleVerdict:
    """What the change means from the share of right choices before to the share now."""
    if not _is_enough(now) or not _is_enough(before):
        return "cannot tell yet"
    interval = change(now, before)
    if 0.0 not in interval:
        return "better" if interval.low > 0 else "worse"
    return "the same" if _is_narrow(interval) else "cannot tell yet"


def trials_to_distinguish(one: Share, other: Share, z: float = Z95) -> int | None:
    """How many samples of each, in all, would make a verdict of the difference if both shares stay as they are.

    The greater of both numbers when a verdict can be given already; None when nothing was sampled on one side, or when
    it would take more than `MOST_TRIALS`. An exact share needs no more samples, however many the other one needs.
    """
    if one.trials <= 0 or other.trials <= 0:
        return None
    has = round(max(one.trials, other.trials))
    if _is_enough(one) and _is_enough(other) and _is_clear(change(one, other, z)):
        return has
    counted = [share.trials for share in (one, other) if not share.is_exact]
    if not counted or not _would_be_clear(one, other, MOST_TRIALS, z):
        return None
    few, many = max(round(min(counted)), FEWEST - 1), MOST_TRIALS
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if _would_be_clear(one, other, middle, z) else (middle, many)
    return max(many, has)


def _is_enough(share: Share) -> bool:
    return share.trials >= (1 if share.is_exact else FEWEST)


def _would_be_clear(one: Share, other: Share, trials: int, z: float) -> bool:
    return _is_clear(change(one.of(trials), other.of(trials), z))


def _is_clear(interval: Interval) -> bool:
    return 0.0 not in interval or _is_narrow(interval)


def _is_narrow(interval: Interval) -> bool:
    """Whether all of it is about nothing."""
    return interval.low >= -SAME_WITHIN and interval.high <= SAME_WITHIN
