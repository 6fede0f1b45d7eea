"""Two arms on the same cases, right or wrong: tests of `fixed` against `broken`.

`fixed` are cases that the first arm got wrong and the second right, `broken` the other way round. Cases on which both
agree say nothing about the difference.
"""

from functools import cache


def exact_p(fixed: int, broken: int) -> float:
    """McNemar's exact test, two-sided: a binomial test at ½ (McNemar 1947, Psychometrika 12)."""
    if fixed + broken == 0:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(fixed, fixed + broken, 0.5).pvalue)


@cache
def mid_p(fixed: int, broken: int) -> float:
    """The same less the probability of the counts that were seen, two-sided: not as cautious where counts are small
    (Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91)."""
    if fixed + broken == 0:
        return 1.0
    from scipy.stats import binom

    seen = float(binom.pmf(fixed, fixed + broken, 0.5))
    return min(1.0, max(0.0, exact_p(fixed, broken) - seen)) if fixed != broken else 1.0


def e_value(fixed: int, broken: int) -> float:
    """Evidence against “no difference” that may be looked at after every case: stop when it is at least 1/α.

    The mixture of the likelihood ratios of all shares under Jeffreys' prior against ½, which is a martingale when there
    is no difference (Ville 1939; Robbins 1970, Annals of Mathematical Statistics 41). Two-sided.
    """
    from math import exp, lgamma, log, pi

    def log_beta(a: float, b: float) -> float:
        return lgamma(a) + lgamma(b) - lgamma(a + b)

    value = (fixed + broken) * log(2) + log_beta(fixed + 0.5, broken + 0.5) - log(pi)
    return exp(min(value, 700.0))
