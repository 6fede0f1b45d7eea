"""The pilot of a suite: a first look at a few cases, which says how many cases the question needs."""

import msgspec

from workbench.app.suites.case_choice import shuffled
from workbench.app.suites.suite_order import SuiteOrder
from workbench.app.suites.suite_plan import PILOT_CASES, Prospect, pilot
from workbench.app.suites.suites import Suites
from workbench.core.errors import StoreError


def pilot_order(suites: Suites, order: SuiteOrder) -> SuiteOrder:
    """The same order for this many tune cases, chosen at random: held-out ones are not spent on planning. Raises
    `UsageError` for a suite that cannot be read."""
    suite = suites.files.load(order.suite)
    chosen = shuffled(list(suite.of_split("tune")), suite.digest)[:PILOT_CASES]
    only = tuple(case.case_id for case in chosen)
    return msgspec.structs.replace(order, split="tune", only=only, per_cluster=None, stop_early=False)


def recorded_pilot(suites: Suites, suite: str, variant: str = "") -> Prospect | None:
    """The result of the newest suite run that compares this variant (or any, if none is named) with the project as it
    is, on enough cases; None if there is none."""
    for run in suites.recorded():
        if run.suite != suite or len(run.arms) < 2 or (variant and variant not in [arm.variant for arm in run.arms]):
            continue
        try:
            found = pilot(suites.results(run.suite_run_id), variant)
        except StoreError:
            continue
        if found is not None:
            return found
    return None
