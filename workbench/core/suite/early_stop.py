"""Whether a run may end before all its cases are asked, by a test that stays valid however often it is looked at."""

from workbench.core.statistics.paired_counts import e_value
from workbench.core.statistics.verdict import ALPHA
from workbench.core.suite.results import SuiteResults


def is_decided(results: SuiteResults, *, alpha: float = ALPHA) -> bool:
    """Whether every arm is told by now from the one that it is compared with.

    Counts whole clusters, all of whose cases are answered in both arms; among several arms each has to be surer.
    """
    pairs = results.run.pairs
    return bool(pairs) and all(e_value(*results.moved(*pair)) >= len(pairs) / alpha for pair in pairs)
