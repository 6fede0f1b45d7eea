"""One rate over cases, some of which belong together."""

from collections.abc import Sequence

from workbench.core.interval import Z95, Interval, wilson
from workbench.core.statistics.differences import FEW_CLUSTERS


def intra_cluster_correlation(values: Sequence[float], clusters: Sequence[str]) -> float:
    """How alike cases of one cluster are, 0 to 1, by the analysis of variance (Donner 1986, International Statistical
    Review 54)."""
    groups: dict[str, list[float]] = {}
    for value, cluster in zip(values, clusters, strict=True):
        groups.setdefault(cluster, []).append(value)
    cases, count = len(values), len(groups)
    if count < 2 or cases <= count:
        return 0.0
    mean = sum(values) / cases
    means = {name: sum(group) / len(group) for name, group in groups.items()}
    between = sum(len(group) * (means[name] - mean) ** 2 for name, group in groups.items()) / (count - 1)
    within = sum((value - means[name]) ** 2 for name, group in groups.items() for value in group) / (cases - count)
    size = (cases - sum(len(group) ** 2 for group in groups.values()) / cases) / (count - 1)
    total = between + (size - 1) * within
    return min(1.0, max(0.0, (between - within) / total)) if total > 0 else 0.0


def effective_cases(values: Sequence[float], clusters: Sequence[str]) -> float:
    """How many independent cases these are worth: n / (1 + (mean cluster size − 1) × correlation) (Kish 1965)."""
    count = len(set(clusters))
    if not count:
        return 0.0
    return len(values) / (1 + (len(values) / count - 1) * intra_cluster_correlation(values, clusters))


def rate_interval(values: Sequence[float], clusters: Sequence[str]) -> Interval:
    """The 95 % interval of the mean of values from 0 to 1: Wilson's score interval over the effective number of cases,
    with Student's t below `FEW_CLUSTERS` clusters."""
    count = len(set(clusters))
    if not values or count < 2:
        return wilson(sum(values), len(values)) if count == len(values) else Interval(0.0, 1.0)
    share = sum(values) / len(values)
    worth = effective_cases(values, clusters)
    return wilson(share * worth, worth, _quantile(count) if count < min(FEW_CLUSTERS, len(values)) else Z95)


def _quantile(clusters: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, clusters - 1))
