"""Reports of a suite run: JSON, CSV, JUnit, and Markdown, from one set of figures."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import msgspec

from workbench.app.suites.suite_progress import SuiteProgress
from workbench.core.suite.audit import AuditFinding
from workbench.core.suite.called_first import called_first
from workbench.core.suite.case import Split
from workbench.core.suite.comparing import ArmComparison, Verdict
from workbench.core.suite.results import ArmTotal, SuiteResults
from workbench.core.suite.routing_total import RECALL_AT
from workbench.core.suite.trial import ArmKey, Trial
from workbench.core.visible_text import visible_line, visible_markdown

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHOWN_CONFUSIONS = 10
_COLUMNS = (
    *("case", "arm", "variant", "model", "trial", "split", "tags", "cluster", "request"),
    *("expected", "chosen", "right", "kind", "arguments_right", "direct", "extra_calls"),
    *("rounds", "tokens", "dollars", "seconds", "failure", "cached_from", "run_id", "selector", "rank", "offered"),
)
_HEADINGS = (
    *("arm", "split", "wrong", "95 %", "first call right", "arguments right"),
    *("extra calls", "rounds", "cases (clusters)"),
)
_ROUTING_HEADINGS = (
    *("arm", "split", *(f"recall@{most}" for most in RECALL_AT), "offered", "choice", "end to end", "abstains"),
    *("tools", "tokens saved"),
)
_UNITS = {"steps": " rounds", "tokens": " tokens", "latency": " s"}


class SuiteReport(msgspec.Struct, frozen=True, dict=True):
    """What is reported about a suite run."""

    results: SuiteResults
    comparisons: tuple[ArmComparison, ...] = ()
    findings: tuple[AuditFinding, ...] = ()
    progress: SuiteProgress | None = None

    @cached_property
    def totals(self) -> tuple[ArmTotal, ...]:
        """The totals of each arm."""
        return tuple(self.results.total(arm) for arm in self.results.run.arms)

    @cached_property
    def totals_by_split(self) -> tuple[tuple[Split, ArmTotal], ...]:
        """The totals of each arm, with tune and held-out cases in separate rows."""
        of = self.results.total
        return tuple(
            (split, of(arm, only=lambda case, split=split: case.split == split))  # type: ignore[misc]
            for arm in self.results.run.arms
            for split in self.results.splits
        )

    @property
    def deciding(self) -> tuple[ArmComparison, ...]:
        """The comparisons that decide: if both splits were run, those of the held-out split."""
        held_out = tuple(each for each in self.comparisons if each.split == "held-out")
        return held_out or self.comparisons

    @property
    def blocked(self) -> bool:
        """Whether the audit forbids a claim."""
        return any(finding.weight == "blocks" for finding in self.findings)


def report_document(report: SuiteReport) -> dict[str, Any]:
    """Everything as JSON values; the last line of `suite run --json`."""
    run, progress = report.results.run, report.progress
    totals = report.totals
    return {
        "kind": "suite.finished",
        "suite_run_id": run.suite_run_id,
        "suite": run.suite,
        "split": run.split,
        "cases": len(run.cases),
        "right": round(sum((total.right or 0.0) * total.cases for total in totals), 6),
        "graded": sum(total.cases for total in totals),
        "wrong": {kind: sum(total.wrong.get(kind, 0) for total in totals) for kind in _kinds(totals)},
        "failed": sum(total.failed for total in totals),
        "missing": sum(total.missing for total in totals),
        "cached": sum(total.cached for total in totals),
        "arms": [_total_document(total) for total in totals],
        "verdicts": [
            {
                "before": each.before.title,
                "after": each.after.title,
                "split": each.split,
                **msgspec.to_builtins(verdict),
            }
            for each in report.comparisons
            for verdict in each.verdicts
        ],
        "called_first": [
            {"arm": arm.title, **msgspec.to_builtins(each)}
            for arm in run.arms
            for each in called_first(report.results, arm)
        ],
        "findings": [msgspec.to_builtins(finding) for finding in report.findings],
        "stopped_by": progress.stopped_by if progress is not None else "",
        "seconds": round(progress.seconds, 3) if progress is not None else None,
    }


def report_csv(report: SuiteReport) -> str:
    """One row per trial."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for trial, case_id in _named(report.results):
        case, grade = report.results.cases.get(trial.case), trial.grade
        arm = report.results.run.arm(trial.arm)
        row = [
            case_id,
            trial.arm,
            arm.variant if arm is not None else "",
            arm.model if arm is not None else "",
            trial.number,
            case.split if case is not None else "",
            " ".join(case.tags) if case is not None else "",
            case.cluster if case is not None else "",
            case.request if case is not None else "",
            *((grade.expected, grade.chosen, grade.is_right, grade.kind) if grade is not None else ("", "", "", "")),
            "" if grade is None or grade.has_right_arguments is None else grade.has_right_arguments,
            grade.is_direct if grade is not None else "",
            grade.extra_calls if grade is not None else "",
            trial.rounds,
            trial.tokens,
            trial.dollars or "",
            round(trial.seconds, 3),
            trial.failure,
            trial.cached_from,
            trial.run_id,
            arm.selector if arm is not None else "",
            trial.routing.rank or "" if trial.routing is not None else "",
            trial.routing.is_offered if trial.routing is not None and trial.routing.is_offered is not None else "",
        ]
        writer.writerow([_no_formula(value) for value in row])
    return text.getvalue()


def report_junit(report: SuiteReport) -> str:
    """One testcase per case and arm: a failure is a wrong choice, an error is a provider failure, and cases that were
    not asked are skipped."""
    run = report.results.run
    root = Element("testsuites")
    for arm in run.arms:
        found = report.results.of_arm(arm.key)
        suite = SubElement(root, "testsuite", name=_xml(f"{run.suite} · {arm.title}"))
        counts = {"failure": 0, "error": 0, "skipped": 0}
        for key in run.cases:
            case = report.results.cases.get(key)
            name = case.case_id if case is not None else key
            each = found.get(key)
            trials = each.trials if each is not None else ()
            seconds = sum(trial.seconds for trial in trials)
            element = SubElement(suite, "testcase", classname=_xml(f"{run.suite}.{arm.title}"), name=_xml(name))
            element.set("time", f"{seconds:.3f}")
            outcome = _junit_outcome(trials)
            if outcome is not None:
                tag, message = outcome
                counts[tag] += 1
                SubElement(element, tag, message=_xml(message)).text = _xml(_trial_lines(trials))
        suite.set("tests", str(len(run.cases)))
        suite.set("failures", str(counts["failure"]))
        suite.set("errors", str(counts["error"]))
        suite.set("skipped", str(counts["skipped"]))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def report_markdown(report: SuiteReport) -> str:
    """Totals, verdicts, the audit's findings, and the most frequent confusions."""
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: SuiteReport) -> Iterator[str]:
    run = report.results.run
    yield f"## {_cell(run.suite)}: {len(run.cases)} {'cases' if run.split == 'all' else f'{run.split} cases'}"
    yield ""
    yield f"| {' | '.join(_HEADINGS)} |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    for split, total in report.totals_by_split:
        yield _row(total, split)
    yield from _routing_table(report)
    for comparison in report.comparisons:
        where = f" on {comparison.split} cases" if comparison.split else ""
        yield ""
        yield f"**{_cell(comparison.after.title)}** compared with {_cell(comparison.before.title)}{where}:"
        yield ""
        for verdict in comparison.verdicts:
            yield f"- {verdict_line(verdict)}"
    if report.findings:
        yield ""
        yield "**What weighs against a claim:**" if report.blocked else "**To keep in mind:**"
        yield ""
        for finding in report.findings:
            yield f"- {_cell(str(finding))}"
    for arm in run.arms:
        worst = report.results.matrix(arm).worst[:_SHOWN_CONFUSIONS]
        if worst:
            yield ""
            yield f"Most frequent confusions of {_cell(arm.title)}:"
            yield ""
            for expected, chosen, count in worst:
                yield f"- {_cell(expected)} → {_cell(chosen)}: {count}"
        first = called_first(report.results, arm)[:_SHOWN_CONFUSIONS]
        if first:
            yield ""
            yield f"Called first by {_cell(arm.title)}, as observed:"
            yield ""
            yield from (f"- {_cell(str(each))}" for each in first)


def arm_note(arm: ArmKey) -> str:
    """What kind of change a variant is: `wire compatible`, or `mocks only`; empty for the project as it is."""
    if not arm.variant:
        return ""
    return "wire compatible" if arm.is_texts_only else "mocks only"


def _routing_table(report: SuiteReport) -> Iterator[str]:
    """Recall, choice, and end to end, separately; empty without routing."""
    rows = [(split, total, total.routing) for split, total in report.totals_by_split if total.routing is not None]
    if not rows:
        return
    yield ""
    yield "Recall: how often the right tool is among the first of the ranking. Choice: how often the model is right"
    yield "where it was offered. Abstains: offers no tool, or the fallback, where no tool is right."
    yield ""
    yield f"| {' | '.join(_ROUTING_HEADINGS)} |"
    yield f"|---|---|{'--:|' * (len(_ROUTING_HEADINGS) - 2)}"
    for split, total, found in rows:
        shares = (*found.recall.values(), found.offered, found.right_if_offered, total.right, found.abstained)
        figures = (_figure(found.tools), "–" if found.saved_tokens is None else f"{found.saved_tokens:,.0f}")
        cells = (_cell(total.arm.title), split, *map(_percent, shares), *figures)
        yield f"| {' | '.join(cells)} |"


def _row(total: ArmTotal, split: str) -> str:
    wrong = None if total.right is None else 1 - total.right
    note = arm_note(total.arm)
    return (
        f"| {_cell(total.arm.title)}{f' ({note})' if note else ''} | {split} | {_percent(wrong)} "
        f"| {_percent(1 - total.interval.high)} – {_percent(1 - total.interval.low)} | {_percent(total.direct)} "
        f"| {_percent(total.arguments)} | {_figure(total.extra_calls)} | {_figure(total.rounds)} "
        f"| {total.cases} ({total.clusters}) |"
    )


def tag_table(results: SuiteResults) -> str:
    """The share of wrong cases of each tag and arm, with how many cases there are, as Markdown."""
    arms = results.run.arms
    lines = [f"| tag | {' | '.join(_cell(arm.title) for arm in arms)} |", f"|---|{'--:|' * len(arms)}"]
    for tag in results.tags:
        cells = []
        for arm in arms:
            total = results.total(arm, only=lambda case, tag=tag: tag in case.tags)  # type: ignore[misc]
            cells.append("–" if total.right is None else f"{_percent(1 - total.right)} of {total.cases}")
        lines.append(f"| {_cell(tag)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def verdict_figures(verdict: Verdict) -> tuple[str, str, str, str]:
    """Before, after, the change and its 95 % interval, in the measure's own unit: `60.0%`, `72.0%`, `+12.0 points` …"""
    low, high = verdict.interval.low, verdict.interval.high
    if verdict.axis in ("selection", "arguments"):
        change, span = f"{verdict.change * 100:+z.1f} points", f"{low * 100:+z.1f} to {high * 100:+z.1f}"
        return f"{verdict.before:.1%}", f"{verdict.after:.1%}", change, span
    unit, sign = _UNITS.get(verdict.axis, ""), "$" if verdict.axis == "cost" else ""
    before, after = f"{sign}{verdict.before:.4g}", f"{sign}{verdict.after:.4g}{unit}"
    return before, after, f"{verdict.change:+z.3g}", f"{low:+z.3g} to {high:+z.3g}"


def verdict_line(verdict: Verdict) -> str:
    """`selection: improvement, 60 % → 72 % (+12 points, 95 %: +3 to +21), p = 0.007 …`."""
    before, after, change, span = verdict_figures(verdict)
    units = "" if verdict.clusters == verdict.cases else " clusters"
    moved = f"; {verdict.fixed} better, {verdict.broken} worse of {verdict.clusters}{units}"
    more = ""
    if verdict.word == "insufficient data":
        cases = "case" if verdict.more_cases == 1 else "cases"
        more = f"; about {verdict.more_cases} more {cases} would settle it"
        if verdict.more_cases is None:
            more = "; not even thousands of cases would settle it"
    p = f"p = {verdict.adjusted_p:.2g} among {verdict.family} ({verdict.test})"
    return f"{verdict.axis}: {verdict.word}, {before} → {after} ({change}, 95 %: {span}), {p}{moved}{more}"


def _total_document(total: ArmTotal) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(total)
    document["title"] = total.arm.title
    document["is_wire_compatible"] = total.arm.is_texts_only
    return document


def _kinds(totals: Sequence[ArmTotal]) -> list[str]:
    return sorted({kind for total in totals for kind in total.wrong})


def _named(results: SuiteResults) -> Iterator[tuple[Trial, str]]:
    for trial in results.trials:
        case = results.cases.get(trial.case)
        yield trial, case.case_id if case is not None else trial.case


def _junit_outcome(trials: Sequence[Trial]) -> tuple[str, str] | None:
    """The kind of element, and its message; None for a case that is right in every trial."""
    grades = [trial.grade for trial in trials if trial.grade is not None]
    if not trials:
        return "skipped", "not run"
    if not grades:
        return "error", trials[0].failure
    wrong = [grade for grade in grades if not grade.is_right]
    if not wrong:
        return None
    share = f" in {len(wrong)} of {len(grades)} trials" if len(grades) > 1 else ""
    return "failure", f"{wrong[0].kind}: {wrong[0].chosen} instead of {wrong[0].expected}{share}"


def _trial_lines(trials: Sequence[Trial]) -> str:
    lines = []
    for trial in trials:
        if trial.grade is None:
            lines.append(f"trial {trial.number}: {trial.failure}")
            continue
        lines.append(f"trial {trial.number}: {trial.grade.chosen} (run {trial.run_id})")
        lines += [f"  {mistake}" for mistake in trial.grade.mistakes]
    return "\n".join(lines)


def _no_formula(value: object) -> object:
    """A spreadsheet takes a text that begins like this for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _cell(text: str) -> str:
    return visible_markdown(visible_line(text)).replace("|", "\\|").replace("<", "&lt;")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{max(0.0, share):.1%}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
