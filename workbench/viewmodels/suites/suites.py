"""Suites in the window: their cases, what to run, the run itself, and its results."""

import asyncio
from collections.abc import Callable

import msgspec

from workbench.app.suites.pinned_baseline import Pin
from workbench.app.suites.suite_html import report_html
from workbench.app.suites.suite_judging import judged
from workbench.app.suites.suite_order import SuiteOrder
from workbench.app.suites.suite_race import RaceRound, recorded_rounds
from workbench.app.suites.suite_report import SuiteReport, report_csv, report_document, report_junit, report_markdown
from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import WorkbenchError
from workbench.core.project_folder import TOOLS_FOLDER
from workbench.core.signal import Signal
from workbench.core.suite.audit import AuditFinding
from workbench.core.suite.case import ASKS_BACK, NO_CALL, SPLITS
from workbench.core.suite.comparing import ArmComparison
from workbench.core.suite.decision import decisive_span
from workbench.core.suite.results import ConfusionMatrix
from workbench.core.suite.suite import Suite
from workbench.core.suite.trial import ArmKey, SuiteRun
from workbench.viewmodels.runs.run_place import RunPlace
from workbench.viewmodels.shared.progress import Progress
from workbench.viewmodels.suites.argument_comparison import ArgumentComparison, recorded_trial
from workbench.viewmodels.suites.case_editing import CaseEditing
from workbench.viewmodels.suites.suite_improving import SuiteImproving
from workbench.viewmodels.suites.suite_rows import Headline, TrialRow, headline, trial_rows
from workbench.viewmodels.suites.suite_running import SuiteRunning, SuitesParts

REPORT_FILES: dict[str, tuple[str, Callable[[SuiteReport], str]]] = {
    "One HTML file": (".html", report_html),
    "Markdown": (".md", report_markdown),
    "CSV, one row per trial": (".csv", report_csv),
    "JUnit XML": (".xml", report_junit),
    "JSON": (".json", lambda report: msgspec.json.encode(report_document(report)).decode() + "\n"),
}
"""The file formats of results: the extension, and what writes it."""


class SuitesViewModel:
    """One suite is chosen, and one of its recorded runs. Files are read and figures computed on another thread."""

    def __init__(self, parts: SuitesParts, follow: Callable[[Progress], object] = lambda progress: None) -> None:
        """`follow` shows a progress in the status bar."""
        self._parts = parts
        self.failed: Signal[[str]] = Signal()
        """A failure that no open page may show."""
        self.names: tuple[str, ...] = ()
        self.variants: tuple[str, ...] = ()
        self.suite: Suite | None = None
        self.findings: tuple[AuditFinding, ...] = ()
        self.runs: tuple[SuiteRun, ...] = ()
        self.report: SuiteReport | None = None
        self.trouble = ""
        """Why the last action failed."""
        self.shown_arm: ArmKey | None = None
        self.cell: tuple[str, str] | None = None
        """(expected, chosen): list only these trials."""
        self.tag = ""
        """Count and list only cases with this tag; empty: all."""
        self.only_wrong = True
        self.is_reading = False
        """Whether the results of a run that has just ended are being computed."""
        self._pin: Pin | None = None
        self.past_rounds: tuple[RaceRound, ...] = ()
        """The rounds of the race that the shown suite run belongs to."""
        self.changed: Signal[[]] = Signal()
        self.done: Signal[[str, Undoable | None]] = Signal()
        """An action, in words, and its undo."""
        self._changing = asyncio.Lock()
        """File changes run one after the other, or one of two would be lost."""
        self.editing = CaseEditing(parts, self, follow)
        self.arguments = ArgumentComparison(parts)
        self.running = SuiteRunning(parts, self.changed, self.fail, follow)
        self.improving = SuiteImproving(parts, self.changed, self.fail)

    # choices

    @property
    def order(self) -> SuiteOrder:
        """What to run."""
        return self.running.order

    @property
    def is_running(self) -> bool:
        """Whether a suite run or a race is under way."""
        return self.running.is_running

    @property
    def expected_choices(self) -> tuple[str, ...]:
        """The possible expectations of a case: a tool, no call, or a question back."""
        return (*(tool.name for tool in self._parts.toolset), NO_CALL, ASKS_BACK)

    @property
    def models(self) -> tuple[str, ...]:
        """The available models; the empty one is the project's own."""
        return ("", *(choice.spec for choice in self._parts.model_choices() if choice.is_ready))

    @property
    def other_models(self) -> tuple[str, ...]:
        """The models that can be asked beside the first one."""
        first = self.order.models[0] or self._parts.project.model
        return tuple(dict.fromkeys(spec for spec in self.models if spec and spec != first))

    @property
    def splits(self) -> tuple[tuple[str, str], ...]:
        """The splits of the chosen suite with their numbers of cases."""
        suite = self.suite or Suite(name="")
        of_one = ((split, f"{split} ({len(suite.of_split(split))})") for split in SPLITS)
        return (*of_one, ("all", f"all cases ({len(suite.cases)})"))

    @property
    def comparison(self) -> ArmComparison | None:
        """The deciding comparison of the shown arm; if that is the first arm, of the last one."""
        found = self.report.deciding if self.report is not None else ()
        return next((each for each in found if each.after == self.shown_arm), found[-1] if found else None)

    @property
    def comparisons(self) -> tuple[ArmComparison, ...]:
        """The same arm compared on every split."""
        after = self.comparison.after if self.comparison is not None else None
        return tuple(each for each in self.report.comparisons if each.after == after) if self.report else ()

    @property
    def headline(self) -> Headline | None:
        """The answer, if there are results."""
        return headline(self.report, self.comparison) if self.report is not None else None

    @property
    def rows(self) -> tuple[TrialRow, ...]:
        """The trials of the shown arm."""
        if self.report is None or self.shown_arm is None:
            return ()
        return trial_rows(self.report.results, self.shown_arm, cell=self.cell, tag=self.tag, only_wrong=self.only_wrong)

    @property
    def matrix(self) -> ConfusionMatrix:
        """The shown arm's choices for the counted cases."""
        if self.report is None or self.shown_arm is None:
            return ConfusionMatrix({})
        only = (lambda case: self.tag in case.tags) if self.tag else None
        return self.report.results.matrix(self.shown_arm, only=only)

    @property
    def is_pinned(self) -> bool:
        """Whether the shown arm is the suite's pinned baseline."""
        return self._pin is not None and self._pin == self._pin_here

    @property
    def _pin_here(self) -> Pin | None:
        if self.report is None or self.shown_arm is None:
            return None
        return Pin(self.report.results.run.suite_run_id, self.shown_arm.key)

    def look_at(self, arm: ArmKey | None, cell: tuple[str, str] | None = None) -> None:
        """List the trials of this arm, or only those of a cell of its matrix."""
        self.shown_arm, self.cell = arm, cell
        if self.report is not None:
            self.improving.look_at(self.report.results, arm, cell)
        self.changed.emit()

    def show_tag(self, tag: str) -> None:
        """Count and list only cases with this tag; all with the empty one."""
        self.tag, self.cell = tag, None
        self.changed.emit()

    async def pin(self) -> None:
        """Pin the shown arm as the suite's baseline, or unpin it."""
        here = None if self.is_pinned else self._pin_here
        words = f"Pinned {self.shown_arm.title} as the baseline" if here and self.shown_arm else "Unpinned the baseline"
        suite = self.order.suite
        if await self.act(lambda: self._parts.suites.pins.pin(suite, here, words)) and self.report is not None:
            await self.choose_run(self.report.results.run.suite_run_id)

    def show_right_ones(self, *, is_on: bool) -> None:
        """List right trials too, or only wrong ones."""
        self.only_wrong = not is_on
        self.changed.emit()

    # reading

    async def refresh(self) -> None:
        """Read the suites, the variants and the recorded runs again."""
        suites = self._parts.suites
        self.names, self.variants = await asyncio.to_thread(lambda: (suites.files.names(), suites.variants.names()))
        name = self.order.suite if self.order.suite in self.names else next(iter(self.names), "")
        await self.choose(name)

    async def choose(self, name: str) -> None:
        """Show this suite and its newest run."""
        if name != self.order.suite:
            self.running.forget(name)
            self.report, self.shown_arm, self.cell, self.tag = None, None, None, ""
            self.improving.look_at(None, None)
            self.suite, self.findings, self.runs = None, (), ()
        self.trouble = ""
        if name:
            try:
                self.suite, self.findings, self.runs = await asyncio.to_thread(self._read, name)
            except WorkbenchError as error:
                self.suite, self.findings, self.runs, self.trouble = None, (), (), str(error)
        self.changed.emit()
        if self.report is None and self.runs:
            await self.choose_run(self.runs[0].suite_run_id)

    def _read(self, name: str) -> tuple[Suite, tuple[AuditFinding, ...], tuple[SuiteRun, ...]]:
        suites = self._parts.suites
        return suites.files.load(name), suites.audit(name), self._runs_of(name)

    def _runs_of(self, name: str) -> tuple[SuiteRun, ...]:
        return tuple(run for run in self._parts.suites.recorded() if run.suite == name)

    async def choose_run(self, suite_run_id: str) -> None:
        """Show the results of this suite run."""
        try:
            self.report, self.past_rounds, self._pin = await asyncio.to_thread(self._read_run, suite_run_id)
        except WorkbenchError as error:
            self.report, self.past_rounds, self.trouble = None, (), str(error)
        self.is_reading = False
        if self.report is not None:
            arms = self.report.results.run.arms
            if self.shown_arm not in arms:
                self.shown_arm, self.cell = arms[-1], None
            if self.tag not in self.report.results.tags:
                self.tag = ""
            self.improving.look_at(self.report.results, self.shown_arm)
        self.changed.emit()

    def _read_run(self, suite_run_id: str) -> tuple[SuiteReport, tuple[RaceRound, ...], Pin | None]:
        suites = self._parts.suites
        results = suites.results(suite_run_id)
        report = judged(suites, results)
        _ = report.totals_by_split  # computed here, and not while the window paints
        return report, recorded_rounds(suites, results.run.race), suites.pins.of(results.run.suite)

    # editing

    async def new(self, name: str) -> None:
        """Create a suite; marked decisions become its first cases."""
        if await self.act(lambda: self._parts.suites.new(name.strip())):
            self.running.forget(name.strip())
            self.report = None
            await self.refresh()

    async def decision_of(self, row: TrialRow) -> RunPlace | None:
        """The deciding call or answer of a trial, in its stored run; None if there is none."""
        if not row.run_id:
            return None
        try:
            trace, renames = await recorded_trial(self._parts, row.run_id)
        except WorkbenchError as error:
            self.fail(error)
            return None
        span = decisive_span(trace, row.trial.grade, renames)
        return RunPlace("call" if "/call-" in span else "round", row.run_id, span) if span else None

    async def undo(self, done: Undoable) -> None:
        """Restore the files."""
        try:
            await asyncio.to_thread(done.undo)
        except WorkbenchError as error:
            self.fail(error)
        await self.refresh()
        if any(path.parent.name == TOOLS_FOLDER for path in done.after):
            self.editing.tools_written.emit()

    async def change(self, act: Callable[[], Undoable]) -> bool:
        """Change the chosen suite's file, and read it again; return whether that succeeded."""
        is_done = await self.act(act)
        if is_done:
            await self.choose(self.order.suite)
        return is_done

    async def act(self, act: Callable[[], Undoable]) -> bool:
        """Change files and announce it with its undo; return whether that succeeded."""
        try:
            async with self._changing:
                done = await asyncio.to_thread(act)
        except WorkbenchError as error:
            self.fail(error)
            return False
        self.trouble = ""
        self.done.emit(done.words, done)
        return True

    def fail(self, error: WorkbenchError) -> None:
        """Report a failure."""
        self.trouble = str(error)
        self.changed.emit()

    # running

    async def run(self) -> None:
        """Run or race what is chosen; Stop keeps what is done."""
        await self._show_run(await self.running.run())

    async def race_candidates(self) -> None:
        """Save the checked candidates as variants, and race them with the model that was confused."""
        arm = self.shown_arm
        names = await self.improving.save()
        if names and arm is not None:
            self.variants = await asyncio.to_thread(self._parts.suites.variants.names)
            self.running.decide(variants=("", *names), models=(arm.model,))
            self.running.let_race(is_on=True)
            await self.run()

    async def run_pilot(self) -> None:
        """Run a few tune cases, and plan by their results."""
        await self._show_run(await self.running.run_pilot())

    async def resume(self, suite_run_id: str) -> None:
        """Resume a stopped suite run, or the race it belongs to."""
        run = next((run for run in self.runs if run.suite_run_id == suite_run_id), None)
        await self._show_run(await self.running.resume(suite_run_id, run.race if run is not None else ""))

    async def close(self) -> None:
        """Stop what is running, and wait for it."""
        await self.running.close()

    async def _show_run(self, suite_run_id: str) -> None:
        if not suite_run_id:
            return
        self.report, self.is_reading = None, True
        self.changed.emit()
        self.runs = await asyncio.to_thread(self._runs_of, self.order.suite)
        await self.choose_run(suite_run_id)
        self.done.emit(f"Suite {self.order.suite}: {self.running.progress_words}", None)

    def file_of(self, kind: str) -> tuple[str, str]:
        """The name and text of a report file. `kind` is a key of `REPORT_FILES`; there must be a report."""
        assert self.report is not None
        ending, write = REPORT_FILES[kind]
        return f"{self.report.results.run.suite_run_id}{ending}", write(self.report)
