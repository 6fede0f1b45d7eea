"""How recorded suite runs are listed."""

from collections.abc import Sequence

from workbench.core.suite.trial import SuiteRun
from workbench.viewmodels.shared import figures


def order_words(runs: Sequence[SuiteRun]) -> list[tuple[str, str]]:
    """Recorded runs as choices: id, and when, what and how many."""
    return [
        (
            run.suite_run_id,
            f"{figures.clock_time(run.at)} · {run.split} · {len(run.cases)} cases · "
            f"{', '.join(arm.title for arm in run.arms)}",
        )
        for run in runs
    ]
