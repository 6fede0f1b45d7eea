"""A share of samples, and how sure it is: counted, or exact where a model always answers the same."""

import msgspec

from workbench.core.interval import Z95, Interval, newcombe, wilson

EXACT = "Exact for this request; only other requests can show more."
"""The text shown where a sample count would say how certain a share is."""


class Share(msgspec.Struct, frozen=True):
    """A count of a number of samples. `is_exact` says that every further sample would be the same."""

    count: float
    trials: float
    is_exact: bool = False

    @property
    def value(self) -> float:
        """From 0 to 1; 0 when nothing was tried."""
        return self.count / self.trials if self.trials else 0.0

    def interval(self, z: float = Z95) -> Interval:
        """Where the share really is; everything from 0 to 1 when nothing was tried."""
        if self.is_exact and self.trials:
            return Interval(self.value, self.value)
        return wilson(self.count, self.trials, z)

    def of(self, trials: float) -> "Share":
        """The same share of another number of samples."""
        return self if self.is_exact else Share(self.value * trials, trials)


def change(now: Share, before: Share, z: float = Z95) -> Interval:
    """The interval of the first share minus the second. Zero outside it: the difference is not by chance."""
    if not now.trials or not before.trials:
        return Interval(-1.0, 1.0)
    return newcombe(now.value, now.interval(z), before.value, before.interval(z))
