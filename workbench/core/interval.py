"""How certain a count is: intervals for shares, and how much counting would settle a question.

All intervals are for a confidence of 95 % unless `z` says otherwise.
"""

from math import sqrt

import msgspec

Z95 = 1.959963984540054
MOST_TRIALS = 10_000
"""Beyond this a question counts as too close to call."""


class Interval(msgspec.Struct, frozen=True):
    """From `low` to `high`."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def overlaps(self, other: "Interval") -> bool:
        """Whether both share a value."""
        return self.low <= other.high and other.low <= self.high


def wilson(count: float, trials: float, z: float = Z95) -> Interval:
    """Wilson's score interval for the share `count / trials`; everything from 0 to 1 when nothing was tried."""
    if trials <= 0:
        return Interval(0.0, 1.0)
    share = count / trials
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    middle = share + z * z / (2 * trials)
    scale = 1 + z * z / trials
    low = 0.0 if count <= 0 else max(0.0, (middle - spread) / scale)
    high = 1.0 if count >= trials else min(1.0, (middle + spread) / scale)
    return Interval(low, high)


def newcombe(share: float, one: Interval, other_share: float, other: Interval) -> Interval:
    """Newcombe's interval for the first share less the second, from the interval of each."""
    down = sqrt((share - one.low) ** 2 + (other.high - other_share) ** 2)
    up = sqrt((one.high - share) ** 2 + (other_share - other.low) ** 2)
    return Interval(share - other_share - down, share - other_share + up)


def trials_to_lead(first: int, second: int, trials: int, z: float = Z95) -> int | None:
    """How many trials in all would show that the first choice leads the second, if their shares stay as they are.

    `trials` when it is shown already, None when it would take more than `MOST_TRIALS`.
    """
    if trials <= 0 or first <= second:
        return None
    if _leads(first, second, trials, trials, z):
        return trials
    if not _leads(first, second, trials, MOST_TRIALS, z):
        return None
    few, many = trials, MOST_TRIALS
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if _leads(first, second, trials, middle, z) else (middle, many)
    return many


def _leads(first: int, second: int, trials: int, of: int, z: float) -> bool:
    """Whether the interval of the first is entirely above that of the second, at the same shares of `of` trials."""
    scale = of / trials
    return wilson(first * scale, of, z).low > wilson(second * scale, of, z).high
