"""How many samples would tell two choices' shares apart, or show that they hardly differ.

The rule is the one differences are judged by: with so many samples of each, and the shares as they are, Newcombe's
interval for their difference lies wholly on one side of zero. Shares drift while one counts, so it is an estimate.
"""

from typing import Literal

from workbench.core.interval import MOST_TRIALS, Z95, Interval, difference

Verdict = Literal["better", "worse", "the same", "cannot tell yet"]
FEWEST = 5
"""With fewer samples on a side nothing is said: the interval is an approximation that two or three can fool."""
SAME_WITHIN = 0.1
"""Shares whose difference surely lies within this are called the same."""


def verdict_of(count: int, trials: int, before: int, before_trials: int) -> Verdict:
    """What the change means from `before` of `before_trials` right choices to `count` of `trials`."""
    if min(trials, before_trials) < FEWEST:
        return "cannot tell yet"
    interval = difference(count, trials, before, before_trials)
    if 0.0 not in interval:
        return "better" if interval.low > 0 else "worse"
    return "the same" if _is_narrow(interval) else "cannot tell yet"


def trials_to_tell(count: int, trials: int, other_count: int, other_trials: int, z: float = Z95) -> int | None:
    """How many samples of each, in all, would make a verdict of the difference if both shares stay as they are.

    The greater of both numbers when a verdict can be given already; None when nothing was sampled on one side, or when
    it would take more than `MOST_TRIALS`.
    """
    if trials <= 0 or other_trials <= 0:
        return None
    share, other = count / trials, other_count / other_trials
    has = max(trials, other_trials)
    if min(trials, other_trials) >= FEWEST and _tells(difference(count, trials, other_count, other_trials, z)):
        return has
    if not _would_tell(share, other, MOST_TRIALS, z):
        return None
    few, many = max(min(trials, other_trials), FEWEST - 1), MOST_TRIALS
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if _would_tell(share, other, middle, z) else (middle, many)
    return max(many, has)


def _would_tell(share: float, other: float, of: int, z: float) -> bool:
    return _tells(difference(share * of, of, other * of, of, z))


def _tells(interval: Interval) -> bool:
    return 0.0 not in interval or _is_narrow(interval)


def _is_narrow(interval: Interval) -> bool:
    """Whether all of it is about nothing."""
    return interval.low >= -SAME_WITHIN and interval.high <= SAME_WITHIN
