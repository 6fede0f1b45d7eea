"""`workbench suite run`: the run itself, its progress, and the exit code."""

import asyncio
from argparse import Namespace
from collections.abc import Sequence

import msgspec

from workbench.app.session import Session
from workbench.app.suites.suite_html import report_html
from workbench.app.suites.suite_judging import judged
from workbench.app.suites.suite_order import SuiteOrder
from workbench.app.suites.suite_pilot import pilot_order
from workbench.app.suites.suite_progress import SuiteProgress
from workbench.app.suites.suite_race import (
    RaceListeners,
    RaceRound,
    arms_of_race,
    order_of_race,
    race_estimates,
    run_race,
)
from workbench.app.suites.suite_report import (
    SuiteReport,
    report_csv,
    report_document,
    report_junit,
    report_markdown,
)
from workbench.app.suites.suite_runner import made_in_thread
from workbench.app.suites.suite_words import (
    estimate_words,
    interim_words,
    progress_words,
    race_estimate_words,
    race_words,
)
from workbench.cli.exit_code import ExitCode
from workbench.cli.output_file import put_file
from workbench.cli.terminal import Terminal
from workbench.core.routing.plan import ALL_TOOLS
from workbench.core.suite.audit import AuditFinding
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.trial import Trial
from workbench.core.visible_text import visible_line

LINES = 20
"""The most lines of progress when standard error is a file."""
DECIDING = ("selection", "arguments")
"""What decides the exit code; steps, tokens, cost, and latency are only reported."""


async def run_suite(session: Session, parsed: Namespace, terminal: Terminal) -> int:
    """Run and return the exit code: 6 for a regression or too few right cases, 7 for insufficient data, even if the
    budget ended it, 4 if the provider failed. Ctrl-C keeps what is done and returns 130."""
    suites = session.suites
    progress = _Progress(terminal, as_json=parsed.json)
    order = order_of(parsed)
    race = suites.results(parsed.resume).run.race if parsed.resume else ""
    if parsed.race or race:
        order = order_of_race(suites, race, order) if race else order
        return await _race(session, parsed, terminal, order, progress)
    if parsed.pilot:
        order = pilot_order(suites, order)
    if parsed.resume:
        runner = await made_in_thread(
            lambda: suites.resume(parsed.resume, order, listener=progress.heard, told=progress.told)
        )
    else:
        made = suites.prepare(order)
        for problem in made.suite.problems:
            terminal.complain(f"suites/{parsed.suite}.jsonl: {problem}", "warn")
        terminal.complain(estimate_words(suites.estimate(made)), "dim")
        runner = await made_in_thread(lambda: suites.begin(made, listener=progress.heard, told=progress.told))
    progress.results = runner.results
    if runner.results.run.settings.tools == "reads" and not session.is_trusted:
        terminal.complain("This project is not trusted, so its read-only tools do not run either. Add --trust.", "warn")
    try:
        results = await runner.run()
    except asyncio.CancelledError:
        terminal.progress("")
        run_id = runner.results.run.suite_run_id
        where = f"workbench suite run {parsed.project} {parsed.suite} --resume {run_id}"
        terminal.complain(f"Stopped; what is done is kept. Continue with: {where}", "warn")
        raise
    terminal.progress("")
    report = judged(suites, results, progress=runner.progress)
    say_report(report, parsed, terminal)
    if not parsed.json:
        terminal.say(f"Suite run {results.run.suite_run_id}", "dim")
    if runner.progress.stopped_by:
        terminal.complain(runner.progress.stopped_by, "warn")
    return exit_code_of_suite(report, fail_under=parsed.fail_under)


async def _race(
    session: Session, parsed: Namespace, terminal: Terminal, order: SuiteOrder, progress: "_Progress"
) -> int:
    def round_over(race_round: RaceRound) -> None:
        terminal.progress("")
        for standing in race_round.standings:
            lead = f"{standing.lead * 100:+z.1f} points over {standing.cases} tune cases"
            end = "dropped" if standing.is_dropped else "stays"
            steps = "" if standing.steps is None else f"{standing.steps:+.2g} steps a case, "
            terminal.complain(f"{visible_line(standing.candidate)}: {lead}, {steps}{end}", "dim")

    arms = arms_of_race(session.suites, order)
    terminal.complain(race_estimate_words(*await asyncio.to_thread(race_estimates, session.suites, order, arms)), "dim")
    listeners = RaceListeners(progress.heard, round_over=round_over, told=progress.told)
    try:
        race = await run_race(session.suites, order, listeners, arms)
    except asyncio.CancelledError:
        terminal.progress("")
        where = f"workbench suite run {parsed.project} {parsed.suite} --resume last"
        terminal.complain(f"Stopped; what is done is kept. Continue the race with: {where}", "warn")
        raise
    terminal.progress("")
    findings = session.suites.audit_run(race.held_out)
    report = SuiteReport(race.held_out, (race.confirmation,), findings)
    if not parsed.json:
        terminal.say(race_words(race.rounds, race), "strong")
    say_report(report, parsed, terminal)
    return exit_code_of_suite(report, fail_under=parsed.fail_under)


def order_of(parsed: Namespace) -> SuiteOrder:
    """What to run."""
    return SuiteOrder(
        suite=parsed.suite,
        variants=("", *parsed.variant),
        models=tuple(parsed.model) or (None,),
        selectors=tuple(dict.fromkeys((ALL_TOOLS, *parsed.selector))) if parsed.selector else (None,),
        trials=parsed.trials,
        split=parsed.split,
        concurrency=parsed.concurrency,
        budget=parsed.budget,
        on=parsed.on,
        per_cluster=parsed.per_cluster,
        stop_early=getattr(parsed, "stop_early", False),
        reuse=getattr(parsed, "reuse", True),
    )


def exit_code_of_suite(report: SuiteReport, *, fail_under: float | None = None) -> ExitCode:
    """The code for the result. A provider failure comes first: then there is too little for the other verdicts."""
    totals = report.totals
    if any(total.failed for total in totals) or not any(total.cases for total in totals):
        return ExitCode.PROVIDER
    # Another model decides nothing when changes of the project are compared.
    comparisons = [each for each in report.deciding if not each.is_of_models] or report.deciding
    words = {verdict.word for each in comparisons for verdict in each.verdicts if verdict.axis in DECIDING}
    if "regression" in words:
        return ExitCode.REGRESSION
    # Of several arms the proposed one counts, which is the last one.
    if fail_under is not None and 100 * (totals[-1].right or 0.0) < fail_under:
        return ExitCode.REGRESSION
    selection = [found.word for each in comparisons if (found := each.axis("selection")) is not None]
    # An exhausted budget leaves a part of the question open.
    if any(total.missing for total in totals) and not report.results.run.is_early:
        return ExitCode.INSUFFICIENT
    # What the audit blocks must not be claimed, however clear the figures look.
    if "insufficient data" in selection or (selection and report.blocked):
        return ExitCode.INSUFFICIENT
    return ExitCode.ANSWERED


def say_report(report: SuiteReport, parsed: Namespace, terminal: Terminal) -> None:
    """Write the requested files, then print the report: Markdown, or one line of JSON.

    Raises `UsageError` for a file that cannot be written.
    """
    for path, text in (
        (parsed.junit, report_junit),
        (parsed.csv, report_csv),
        (parsed.html, report_html),
        (parsed.markdown, report_markdown),
    ):
        if path is not None:
            put_file(path, text(report), terminal)
    if parsed.json:
        terminal.json(msgspec.json.encode(report_document(report)).decode())
        return
    for line in report_markdown(report).splitlines():
        terminal.say(line)


def say_findings(findings: Sequence[AuditFinding], terminal: Terminal) -> None:
    """Print one line each."""
    for finding in findings:
        terminal.say(f"{finding.weight}  {visible_line(str(finding))}", "bad" if finding.weight == "blocks" else "warn")


class _Progress:
    def __init__(self, terminal: Terminal, *, as_json: bool) -> None:
        self._terminal = terminal
        self._as_json = as_json
        self._is_shown = terminal.shows_progress
        self._told = 0
        self._interim = ""
        self.results: SuiteResults | None = None
        """The results of a run so far, if it compares arms."""

    def told(self, words: str) -> None:
        """The progress of a batch."""
        self._terminal.progress("")
        self._terminal.complain(visible_line(words), "dim")

    def heard(self, trial: Trial, progress: SuiteProgress) -> None:
        if self._as_json:
            self._terminal.json(msgspec.json.encode({"kind": "suite.trial", **msgspec.to_builtins(trial)}).decode())
        is_step = progress.wanted > 0 and progress.done * LINES // progress.wanted > self._told
        if is_step:
            self._told = progress.done * LINES // progress.wanted
            self._interim = interim_words(self.results) if self.results is not None else ""
        if not is_step and not self._is_shown:
            return
        words = progress_words(progress, is_running=True)
        words = " · ".join(filter(None, (words, visible_line(self._interim))))
        if self._is_shown:
            self._terminal.progress(words)
        else:
            self._terminal.complain(words, "dim")
