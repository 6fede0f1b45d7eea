"""What the suites page shows of cases and results, as rows of text."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.app.suites.suite_report import SuiteReport
from workbench.core.ids import RunId
from workbench.core.json_text import compact
from workbench.core.statistics.verdict import Word
from workbench.core.suite.case import Case
from workbench.core.suite.comparing import ArmComparison, Verdict
from workbench.core.suite.grade import Grade
from workbench.core.suite.results import ArmTotal, SuiteResults
from workbench.core.suite.trial import ArmKey, Trial
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.tone import Tone

CASE_COLUMNS = ("Id", "Request", "Expected", "Split", "Tags")
ARM_COLUMNS = ("Arm", "Right", "95 %", "First call right", "Arguments right", "Extra calls", "Tokens", "Cases")
VERDICT_COLUMNS = ("Measure", "Verdict", "Before", "After", "Change", "95 %", "p", "Up / down")
TRIAL_COLUMNS = ("", "Id", "Request", "Expected", "Chosen", "Mistakes")
_TONES: dict[Word, Tone] = {
    "improvement": "ok",
    "regression": "error",
    "no change": "plain",
    "insufficient data": "warn",
}
_RATES = ("selection", "arguments")
_UNITS = {"steps": "", "tokens": "", "latency": " s"}


@dataclass(frozen=True)
class TrialRow:
    """A trial in the list of an arm; `run_id` is its stored run, empty where there is none."""

    case: Case
    trial: Trial
    run_id: RunId

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
    """What a suite run shows, in a sentence or two."""

    words: str
    detail: str
    tone: Tone


def case_cells(case: Case) -> tuple[str, ...]:
    """As `CASE_COLUMNS`; only the last request of several turns is shown."""
    return case.case_id, case.request, expected_words(case), case.split, ", ".join(case.tags)


def expected_words(case: Case) -> str:
    """`track_order {"order_id":"A-1002"}`, `no call`."""
    calls = case.turns[-1].expected.calls
    if len(calls) == 1 and len(case.turns) == 1 and calls[0].arguments:
        return f"{case.label} {compact(calls[0].arguments)}"
    return case.label


def arm_cells(total: ArmTotal) -> tuple[str, ...]:
    """As `ARM_COLUMNS`."""
    return (
        total.arm.title,
        _percent(total.right),
        f"{_percent(total.interval.low)} – {_percent(total.interval.high)}" if total.right is not None else "",
        _percent(total.direct),
        _percent(total.arguments),
        "" if total.extra_calls is None else f"{total.extra_calls:.2g}",
        f"{total.tokens:,.0f}" if total.tokens else "–",
        f"{total.cases}" + (f" in {total.clusters} clusters" if total.clusters != total.cases else ""),
    )


def verdict_cells(verdict: Verdict) -> tuple[str, ...]:
    """As `VERDICT_COLUMNS`."""
    low, high = verdict.interval.low, verdict.interval.high
    if verdict.axis in _RATES:
        before, after = f"{verdict.before:.1%}", f"{verdict.after:.1%}"
        change, span = f"{verdict.change * 100:+.1f} points", f"{low * 100:+.1f} to {high * 100:+.1f}"
    else:
        unit, sign = _UNITS.get(verdict.axis, ""), "$" if verdict.axis == "cost" else ""
        before, after = f"{sign}{verdict.before:.4g}{unit}", f"{sign}{verdict.after:.4g}{unit}"
        change, span = f"{verdict.change:+.3g}{unit}", f"{low:+.3g} to {high:+.3g}"
    return (
        verdict.axis,
        verdict.word,
        before,
        after,
        change,
        span,
        f"{verdict.adjusted_p:.2g}",
        f"{verdict.fixed} / {verdict.broken}",
    )


def verdict_tone(verdict: Verdict) -> Tone:
    """The color of a verdict; its word says the same."""
    return _TONES[verdict.word]


def headline(report: SuiteReport, comparison: ArmComparison | None) -> Headline:
    """The answer to what the suite asks."""
    verdict = comparison.axis("selection") if comparison is not None else None
    if comparison is None or verdict is None:
        total = report.totals[0]
        if total.right is None:
            return Headline("Nothing was graded yet.", "", "plain")
        span = f"95 %: {_percent(total.interval.low)} to {_percent(total.interval.high)}"
        return Headline(f"{_percent(total.right)} right", f"{total.arm.title} · {total.cases} cases · {span}", "plain")
    low, high = verdict.interval.low * 100, verdict.interval.high * 100
    points = f"{verdict.change * 100:+.1f} points (95 %: {low:+.1f} to {high:+.1f})"
    words = {
        "improvement": f"Improvement: {points}",
        "regression": f"Regression: {points}",
        "no change": f"No change within ±{verdict.margin * 100:.0f} points",
        "insufficient data": f"Insufficient data: {points}",
    }[verdict.word]
    parts = [
        *([f"measured: {words}"] if report.blocked else []),
        f"{comparison.after.title} compared with {comparison.before.title}",
        f"{verdict.cases} cases, {verdict.fixed} fixed, {verdict.broken} broken",
        f"p = {verdict.adjusted_p:.2g} among {verdict.family} ({verdict.test})",
    ]
    if verdict.word == "insufficient data":
        more = verdict.more_cases
        parts.append(f"about {more} more cases would settle it" if more else "no practical number of cases settles it")
    if report.blocked:
        words = "No claim can be made: see what weighs against it"
    return Headline(words, " · ".join(parts), "warn" if report.blocked else _TONES[verdict.word])


def trial_rows(
    results: SuiteResults, arm: ArmKey, *, cell: tuple[str, str] | None = None, only_wrong: bool = False
) -> tuple[TrialRow, ...]:
    """The trials of an arm, those that went wrong first; `cell` leaves only what was expected and chosen so."""
    found = []
    for trial in results.trials:
        case, grade = results.cases.get(trial.case), trial.grade
        if trial.arm != arm.key or case is None:
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
