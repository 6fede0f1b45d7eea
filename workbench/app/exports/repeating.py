"""Re-running the suites of evidence, to see whether their results still hold."""

from collections.abc import Sequence

from workbench.app.suites.suite_order import SuiteOrder
from workbench.app.suites.suite_runner import OnTrial
from workbench.app.suites.suites import Suites
from workbench.core.errors import UsageError
from workbench.core.evidence.drift import Drift, Repeated, drifts
from workbench.core.evidence.statement import Measurement, Statement
from workbench.core.statistics.availability import check_statistics
from workbench.core.suite.comparing import MARGIN
from workbench.core.suite.trial import ArmKey


async def repeat(suites: Suites, statement: Statement, listener: OnTrial | None = None) -> tuple[Drift, ...]:
    """Ask the models of the evidence its cases again, with the project as it is now, and compare case by case. Answers
    of earlier runs are not reused. Raises `UsageError` for suites that cannot be re-run."""
    check_statistics()
    repeated: list[Repeated] = []
    for measured in statement.details.measurements:
        results = await suites.begin(_order(suites, measured), listener=listener).run()
        found = [(arm, _same(results.run.arms, suites, arm.variant, arm.model)) for arm in measured.arms]
        repeated += [Repeated(measured, arm, results, key) for arm, key in found if key is not None]
    return drifts(repeated, margin=MARGIN)


def _order(suites: Suites, measured: Measurement) -> SuiteOrder:
    keys = {case.key for case in measured.cases}
    again = [case.case_id for case in suites.files.load(measured.suite).cases if case.key in keys]
    if not again:
        raise UsageError(
            f"the suite {measured.suite!r} no longer has any of the evidence's cases",
            hint="Run the suite and export again.",
        )
    return SuiteOrder(
        suite=measured.suite,
        variants=tuple(dict.fromkeys(_variant(suites, arm.variant) for arm in measured.arms)),
        models=tuple(dict.fromkeys(arm.model for arm in measured.arms)),
        trials=measured.trials_per_case,
        split="all",
        only=tuple(again),
        reuse=False,
    )


def _variant(suites: Suites, name: str) -> str:
    """A variant that was promoted and deleted equals the project as it is now."""
    return name if name in suites.variants.names() else ""


def _same(arms: Sequence[ArmKey], suites: Suites, variant: str, model: str) -> ArmKey | None:
    wanted = _variant(suites, variant), model
    return next((arm for arm in arms if (arm.variant, arm.model) == wanted), None)
