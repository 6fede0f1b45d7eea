"""The rows of the drawn charts: shares of right cases by arm and by tag, and changes from the baseline."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.app.suites.suite_report import verdict_figures
from workbench.core.interval import Interval
from workbench.core.suite.case import Split
from workbench.core.suite.comparing import ArmComparison
from workbench.core.suite.results import ArmTotal, SuiteResults
from workbench.core.suite.trial import ArmKey
from workbench.viewmodels.shared.tone import Tone
from workbench.viewmodels.suites.suite_rows import WORD_TONES

MOST_TAGS = 24


@dataclass(frozen=True)
class ChartRow:
    """A row of a chart: a dot at `value`, a line over its interval; all are shares."""

    title: str
    value: float
    interval: Interval
    tone: Tone = "plain"


def share_marks(totals: Sequence[tuple[Split, ArmTotal]]) -> tuple[ChartRow, ...]:
    """The share of right cases of each arm and split."""
    return tuple(
        ChartRow(f"{split} · {total.arm.title}", total.right, total.interval)
        for split, total in totals
        if total.right is not None
    )


def change_marks(comparisons: Sequence[ArmComparison], split_of_all: str) -> tuple[tuple[ChartRow, ...], float]:
    """What changed in the rates, and within what margin nothing has."""
    marks, margin = [], 0.0
    for comparison in comparisons:
        for verdict in comparison.verdicts:
            if verdict.axis in ("selection", "arguments"):
                title = f"{comparison.split or split_of_all} · {verdict.axis} {verdict_figures(verdict)[2]}"
                marks.append(ChartRow(title, verdict.change, verdict.interval, WORD_TONES[verdict.word]))
                margin = verdict.margin
    return tuple(marks), margin


def tag_marks(results: SuiteResults, arm: ArmKey) -> tuple[ChartRow, ...]:
    """The share of right cases of each tag, the worst first."""
    found = []
    for tag in results.tags:
        total = results.total(arm, only=lambda case, tag=tag: tag in case.tags)  # type: ignore[misc]
        if total.right is not None:
            found.append(ChartRow(f"{tag} ({total.cases})", total.right, total.interval))
    return tuple(sorted(found, key=lambda mark: (mark.value, mark.title))[:MOST_TAGS])
