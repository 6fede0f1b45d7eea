"""Which cases of a suite are run, and in which order."""

import random

from workbench.app.suites.suite_order import SuiteOrder, check_place
from workbench.core.errors import UsageError
from workbench.core.suite.case import Case
from workbench.core.suite.suite import Suite
from workbench.replay.sampling import MOST_CONCURRENT

MOST_TRIALS = 1_000
_MOST_ON_CLUSTER = 10_000


def chosen_cases(suite: Suite, order: SuiteOrder) -> list[Case]:
    """The cases of an order, in their order. Raises `UsageError` for an order that cannot be run."""
    cases = [case for case in suite.of_split(order.split) if not order.only or case.case_id in order.only]
    if order.per_cluster is not None:
        cases = first_of_clusters(cases, order.per_cluster)
    if not cases:
        said = f"the suite {suite.name!r} has no cases" + (f" of {order.split}" if order.split != "all" else "")
        hint = str(suite.problems[0]) if suite.problems else "Add some, or choose another split."
        raise UsageError(said, hint=hint)
    check_place(order.on)
    if not 1 <= order.trials <= MOST_TRIALS:
        raise UsageError(f"{order.trials} trials cannot be made", hint=f"Use 1 to {MOST_TRIALS:,}.")
    most = _MOST_ON_CLUSTER if order.is_on_cluster else MOST_CONCURRENT
    if order.concurrency is not None and not 1 <= order.concurrency <= most:
        raise UsageError(f"cannot run {order.concurrency} trials at a time", hint=f"Use 1 to {most:,}.")
    seen: dict[str, str] = {}
    for case in cases:
        if case.key in seen:
            raise UsageError(
                f"the cases {seen[case.key]!r} and {case.case_id!r} are the same", hint="Delete one of them."
            )
        seen[case.key] = case.case_id
    return shuffled(cases, suite.digest) if order.stop_early else cases


def first_of_clusters(cases: list[Case], most: int) -> list[Case]:
    """At most this many cases of each cluster, the first ones."""
    counts: dict[str, int] = {}
    kept = []
    for case in cases:
        counts[case.unit] = counts.get(case.unit, 0) + 1
        if counts[case.unit] <= most:
            kept.append(case)
    return kept


def shuffled(cases: list[Case], seed: str) -> list[Case]:
    """Whole clusters in a random but reproducible order: a test for early stopping needs it."""
    units = list(dict.fromkeys(case.unit for case in cases))
    random.Random(seed).shuffle(units)
    place = {unit: number for number, unit in enumerate(units)}
    return sorted(cases, key=lambda case: place[case.unit])
