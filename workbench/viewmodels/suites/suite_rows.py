"""What the suites page shows of cases and results, as rows of text."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.app.suites.suite_report import SuiteReport, arm_note, verdict_figures
from workbench.core.ids import RunId, SpanPath, turn_span
from workbench.core.statistics.verdict import Word
from workbench.core.suite.case import Case
from workbench.core.suite.comparing import ArmComparison, Verdict
from workbench.core.suite.grade import NOT_OFFERED, Grade
from workbench.core.suite.results import ArmTotal, SuiteResults
from workbench.core.suite.trial import ArmKey, Trial
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.tone import Tone

ARM_COLUMNS = (
    *("Arm", "Split", "Right", "95 %", "First call right", "Arguments right", "Valid", "Always right", "Flaky"),
    *("Extra calls", "Tokens", "Cases", "Changes"),
)
VERDICT_COLUMNS = ("Cases", "Measure", "Verdict", "Before", "After", "Change", "95 %", "p", "Better / worse")
TRIAL_COLUMNS = ("", "Id", "Request", "Expected", "Chosen", "Mistakes")
WORD_TONES: dict[Word, Tone] = {
    "improvement": "ok",
    "regression": "error",
    "no change": "plain",
    "insufficient data": "warn",
}


@dataclass(frozen=True)
class TrialRow:
    """A trial in the list of an arm; `run_id` is its stored run, empty if there is none."""

    case: Case
    trial: Trial
    run_id: RunId

    @property
    def expected_tool(self) -> str:
        """The first expected tool of the deciding turn; empty for no call."""
        turn = self.case.turns[self.trial.grade.turn - 1 if self.trial.grade is not None else -1]
        return turn.expected.calls[0].tool if turn.expected.calls else ""

    @property
    def turn(self) -> SpanPath:
        """The graded turn of its run."""
        return turn_span(self.trial.grade.turn if self.trial.grade is not None else 1)

    @property
    def was_not_offered(self) -> bool:
        """Whether the model could not choose the right tool because it was not offered."""
        return self.trial.grade is not None and self.trial.grade.kind == NOT_OFFERED

    @property
    def is_right(self) -> bool:
        """Whether the right tools were chosen."""
        return self.trial.grade is not None and self.trial.grade.is_right

    @property
    def cells(self) -> tuple[str, ...]:
        """As `TRIAL_COLUMNS`."""
        grade = self.trial.grade
        if grade is None:
            return "–", self.case.case_id, self.case.request, self.case.label, "not answered", self.trial.failure
        return (
            "✓" if grade.is_right else "✗",
            self.case.case_id,
            self.case.request,
            grade.expected,
            grade.chosen,
            _mistakes(grade),
        )


@dataclass(frozen=True)
class Headline:
    """The result of a suite run, in a sentence or two."""

    words: str
    detail: str
    tone: Tone


def arm_cells(total: ArmTotal, split: str) -> tuple[str, ...]:
    """As `ARM_COLUMNS`; `split` is the one whose cases count."""
    return (
        total.arm.title,
        split,
        _percent(total.right),
        f"{_percent(total.interval.low)} – {_percent(total.interval.high)}" if total.right is not None else "",
        _percent(total.direct),
        _percent(total.arguments),
        _percent(total.valid),
        _percent(total.all_right),
        str(total.flaky),
        "" if total.extra_calls is None else f"{total.extra_calls:.2g}",
        f"{total.tokens:,.0f}" if total.tokens else "–",
        f"{total.cases}" + (f" in {total.clusters} clusters" if total.clusters != total.cases else ""),
        arm_note(total.arm),
    )


def verdict_cells(verdict: Verdict, split: str) -> tuple[str, ...]:
    """As `VERDICT_COLUMNS`; `split` is the one whose cases were compared."""
    return (
        split,
        verdict.axis,
        verdict.word,
        *verdict_figures(verdict),
        f"{verdict.adjusted_p:.2g}",
        f"{verdict.fixed} / {verdict.broken}",
    )


def headline(report: SuiteReport, comparison: ArmComparison | None) -> Headline:
    """The answer to the suite's question."""
    verdict = comparison.axis("selection") if comparison is not None else None
    if comparison is None or verdict is None:
        graded = [(split, total) for split, total in report.totals_by_split if total.right is not None]
        if not graded:
            return Headline("Nothing was graded yet.", "", "plain")
        split, total = graded[-1]  # held-out cases, if there are any
        span = f"95 %: {_percent(total.interval.low)} to {_percent(total.interval.high)}"
        detail = f"{total.arm.title} · {total.cases} {split} cases · {span}"
        return Headline(f"{_percent(total.right)} right", detail, "plain")
    _, _, change, span = verdict_figures(verdict)
    points = f"{change} (95 %: {span})"
    words = {
        "improvement": f"Improvement: {points}",
        "regression": f"Regression: {points}",
        "no change": f"No change within ±{verdict.margin * 100:.0f} points",
        "insufficient data": f"Insufficient data: {points}",
    }[verdict.word]
    where = f" on {comparison.split} cases" if comparison.split else ""
    parts = [
        *([f"measured: {words}"] if report.blocked else []),
        f"{comparison.after.title} compared with {comparison.before.title}{where}",
        f"{verdict.cases} cases, {verdict.fixed} fixed, {verdict.broken} broken",
        f"p = {verdict.adjusted_p:.2g} among {verdict.family} ({verdict.test})",
    ]
    if verdict.word == "insufficient data":
        more = verdict.more_cases
        parts.append(f"about {more} more cases would settle it" if more else "no practical number of cases settles it")
    if report.blocked:
        words = "No claim can be made: see what weighs against it"
    return Headline(words, " · ".join(parts), "warn" if report.blocked else WORD_TONES[verdict.word])


def trial_rows(
    results: SuiteResults,
    arm: ArmKey,
    *,
    cell: tuple[str, str] | None = None,
    tag: str = "",
    only_wrong: bool = False,
) -> tuple[TrialRow, ...]:
    """The trials of an arm, wrong ones first; `cell` keeps only those with this expectation and choice, `tag` only
    cases with this tag."""
    found = []
    for trial in results.trials:
        case, grade = results.cases.get(trial.case), trial.grade
        if trial.arm != arm.key or case is None or (tag and tag not in case.tags):
            continue
        if cell is not None and (grade is None or (grade.expected, grade.chosen) != cell):
            continue
        if only_wrong and grade is not None and grade.is_right:
            continue
        found.append(TrialRow(case, trial, trial.run_id))
    return tuple(sorted(found, key=lambda row: row.is_right))


def finding_words(report: SuiteReport) -> Sequence[str]:
    """One line for each thing that weighs against a claim."""
    return [
        f"{'✗' if finding.weight == 'blocks' else '⚠'} {one_line(str(finding), 300)}" for finding in report.findings
    ]


def _mistakes(grade: Grade) -> str:
    return "; ".join(str(mistake) for mistake in grade.mistakes)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
