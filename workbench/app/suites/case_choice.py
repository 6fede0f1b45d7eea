"""Which cases of a suite are put, and in which order."""

import random

from workbench.core.suite.case import Case


def first_of_clusters(cases: list[Case], most: int) -> list[Case]:
    """At most so many cases of each cluster, the first ones."""
    counts: dict[str, int] = {}
    kept = []
    for case in cases:
        counts[case.unit] = counts.get(case.unit, 0) + 1
        if counts[case.unit] <= most:
            kept.append(case)
    return kept


def shuffled(cases: list[Case], seed: str) -> list[Case]:
    """Whole clusters in an order of chance that is the same every time: a test for early stopping needs it."""
    units = list(dict.fromkeys(case.unit for case in cases))
    random.Random(seed).shuffle(units)
    place = {unit: number for number, unit in enumerate(units)}
    return sorted(cases, key=lambda case: place[case.unit])
