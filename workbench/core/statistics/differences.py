"""Paired differences, one a case, with cases that belong together in clusters: tests and intervals for their mean.

The unit is the cluster: its cases are summed before anything is shuffled or resampled. `seed` makes what is random
come out the same every time.
"""

from collections.abc import Sequence
from itertools import product
from math import sqrt

from workbench.core.interval import Interval

FEW_CLUSTERS = 40
"""Below this, intervals come from Student's t with one degree of freedom less than there are clusters, and p-values
from the wild cluster bootstrap (Cameron, Gelbach and Miller 2008, Review of Economics and Statistics 90)."""
MOST_ENUMERATED = 12
"""Up to this many clusters, all patterns of signs are tried; beyond, `RESAMPLES` random ones."""
RESAMPLES = 9_999
SEED = 20_251_130


class Clustered:
    """Differences summed by cluster: `sums` and `sizes` side by side."""

    def __init__(self, values: Sequence[float], clusters: Sequence[str]) -> None:
        sums: dict[str, float] = {}
        sizes: dict[str, int] = {}
        for value, cluster in zip(values, clusters, strict=True):
            sums[cluster] = sums.get(cluster, 0.0) + value
            sizes[cluster] = sizes.get(cluster, 0) + 1
        self.sums = list(sums.values())
        self.sizes = list(sizes.values())
        self.cases = len(values)

    @property
    def mean(self) -> float:
        """Over cases; 0 when there are none."""
        return sum(self.sums) / self.cases if self.cases else 0.0

    @property
    def standard_error(self) -> float:
        """Of the mean, by the spread of whole clusters (Liang and Zeger 1986, Biometrika 73), with G/(G − 1)."""
        count = len(self.sums)
        if count < 2:
            return float("inf")
        mean = self.mean
        spread = sum((total - size * mean) ** 2 for total, size in zip(self.sums, self.sizes, strict=True))
        return sqrt(count / (count - 1) * spread) / self.cases


def sign_permutation_p(values: Sequence[float], *, seed: int = SEED) -> float:
    """Two-sided p of the mean of `values`, one a cluster, when their signs are shuffled (Fisher 1935, The Design of
    Experiments)."""
    nonzero = [value for value in values if value != 0]
    if not nonzero:
        return 1.0
    import numpy
    from scipy.stats import permutation_test

    found = permutation_test(
        (numpy.array(nonzero),),
        lambda sample, axis=-1: numpy.mean(sample, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        rng=numpy.random.default_rng(seed),
    )
    return float(found.pvalue)


def wild_cluster_p(clustered: Clustered, *, seed: int = SEED) -> float:
    """Two-sided p of the mean by the wild cluster bootstrap of its t, with no difference imposed and Rademacher
    weights; all patterns of signs for up to `MOST_ENUMERATED` clusters."""
    if len(clustered.sums) < 2 or not any(clustered.sums):
        return 1.0
    import numpy

    sums, sizes = numpy.array(clustered.sums), numpy.array(clustered.sizes)
    count = len(sums)
    if count <= MOST_ENUMERATED:
        signs = numpy.array(list(product((1.0, -1.0), repeat=count)))
    else:
        signs = numpy.random.default_rng(seed).choice((1.0, -1.0), size=(RESAMPLES, count))
        signs[0] = 1.0  # what was seen is one of the patterns, so that p is never 0

    def squared_t(flipped: "numpy.ndarray") -> "numpy.ndarray":
        mean = flipped.sum(axis=1, keepdims=True) / clustered.cases
        spread = ((flipped - sizes * mean) ** 2).sum(axis=1)
        with numpy.errstate(divide="ignore", invalid="ignore"):
            found = (mean[:, 0] * clustered.cases) ** 2 / spread
        known: numpy.ndarray = numpy.nan_to_num(found, nan=0.0, posinf=numpy.inf)
        return known

    seen = squared_t(sums[None, :])[0]
    return float(numpy.mean(squared_t(signs * sums) >= seen * (1 - 1e-12)))


def t_interval(clustered: Clustered, *, least_error: float = 0.0) -> Interval:
    """The 95 % interval of the mean by Student's t. `least_error` is the smallest standard error that is believed."""
    if len(clustered.sums) < 2:
        return Interval(float("-inf"), float("inf"))
    from scipy.stats import t

    half = float(t.ppf(0.975, len(clustered.sums) - 1)) * max(clustered.standard_error, least_error)
    return Interval(clustered.mean - half, clustered.mean + half)


def bca_interval(clustered: Clustered, *, seed: int = SEED) -> Interval:
    """The 95 % interval of the mean by the bootstrap over whole clusters, corrected for bias and acceleration (Efron
    1987, Journal of the American Statistical Association 82)."""
    if len(clustered.sums) < 2:
        return Interval(float("-inf"), float("inf"))
    mean = clustered.mean
    if clustered.standard_error == 0:
        return Interval(mean, mean)
    import numpy
    from scipy.stats import bootstrap

    found = bootstrap(
        (numpy.array(clustered.sums), numpy.array(clustered.sizes, dtype=float)),
        lambda sums, sizes, axis=-1: numpy.sum(sums, axis=axis) / numpy.sum(sizes, axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=1_000,
        method="BCa",
        rng=numpy.random.default_rng(seed),
    )
    low, high = float(found.confidence_interval.low), float(found.confidence_interval.high)
    return t_interval(clustered) if low != low or high != high else Interval(low, high)
