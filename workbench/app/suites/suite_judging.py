"""The result of a suite run, judged: its arms compared with each other and with the pinned baseline, and audited."""

from workbench.app.suites.pinned_baseline import with_pinned
from workbench.app.suites.suite_progress import SuiteProgress
from workbench.app.suites.suite_report import SuiteReport
from workbench.app.suites.suites import Suites
from workbench.core.errors import StoreError
from workbench.core.suite.results import SuiteResults


def judged(
    suites: Suites, results: SuiteResults, *, baseline: str = "", progress: SuiteProgress | None = None
) -> SuiteReport:
    """The report of a suite run. `baseline` names the arm that the others are compared with; the first one without.

    Raises `UsageError` where there is no such arm, or statistics are needed and not installed.
    """
    has_trials = bool(results.trials)
    is_compared = has_trials and (len(results.run.arms) > 1 or bool(baseline))
    comparisons = suites.compare(results, baseline=baseline) if is_compared else ()
    findings = suites.audit_run(results)
    pinned = against_pinned(suites, results) if has_trials else None
    if pinned is not None:
        comparisons += suites.compare(pinned)
        findings += tuple(found for found in suites.audit_run(pinned) if found not in findings)
    return SuiteReport(results, comparisons, tuple(sorted(findings, key=lambda found: found.weight)), progress)


def against_pinned(suites: Suites, results: SuiteResults) -> SuiteResults | None:
    """A suite run together with the pinned arm of its suite; None where nothing is pinned, it is this run's own, its
    run is gone, or the two have no case in common."""
    pin = suites.pins.of(results.run.suite)
    if pin is None or pin.suite_run_id == results.run.suite_run_id:
        return None
    try:
        pinned = suites.results(pin.suite_run_id)
    except StoreError:
        return None
    arm = pinned.run.arm(pin.arm)
    if arm is None or not set(pinned.run.cases) & set(results.run.cases):
        return None
    return with_pinned(pinned, arm, results)
