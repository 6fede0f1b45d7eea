"""Suites in the window: their cases, what to run, the run itself, and its results."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, get_args

import msgspec

from workbench.app.parts import HasModels, HasRuns, HasSuites, HasTools
from workbench.app.suites.case_making import free_id
from workbench.app.suites.suite_making import add_turn
from workbench.app.suites.suite_plan import Quote
from workbench.app.suites.suite_progress import SuiteProgress
from workbench.app.suites.suite_report import SuiteReport, report_csv, report_document, report_junit, report_markdown
from workbench.app.suites.suite_runner import SuiteRunner
from workbench.app.suites.suite_words import progress_words, quote_words
from workbench.app.suites.suites import SuiteOrder
from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import MalformedJson, UsageError, WorkbenchError
from workbench.core.ids import RunId
from workbench.core.json_text import parse_strict_object
from workbench.core.suite.audit import Finding
from workbench.core.suite.case import ASKS_BACK, NO_CALL, SPLITS, Case, CaseTurn, Expected, Split, WantedCall
from workbench.core.suite.case_import import ImportReport
from workbench.core.suite.comparing import ArmComparison
from workbench.core.suite.suite import Suite
from workbench.core.suite.trial import ArmKey, SuiteRun, Trial
from workbench.viewmodels.shared.progress import Progress
from workbench.viewmodels.shared.signal import Signal
from workbench.viewmodels.suites.suite_rows import Headline, TrialRow, headline, trial_rows

FIRST_SUITE = "cases"
"""The suite that is made where a conversation is added and there is none."""
REPORT_FILES: dict[str, tuple[str, Callable[[SuiteReport], str]]] = {
    "Markdown": (".md", report_markdown),
    "CSV, one row per trial": (".csv", report_csv),
    "JUnit XML": (".xml", report_junit),
    "JSON": (".json", lambda report: msgspec.json.encode(report_document(report)).decode() + "\n"),
}
"""What results can be saved as: the ending of the file, and what writes it."""


class SuitesParts(HasSuites, HasTools, HasModels, HasRuns, Protocol):
    """What the page of suites uses."""


class SuitesViewModel:
    """One suite is chosen, and one of its recorded runs. Files are read and figures computed on another thread."""

    def __init__(self, parts: SuitesParts, follow: Callable[[Progress], object] = lambda progress: None) -> None:
        """`follow` shows a progress where progress is shown."""
        self._parts = parts
        self._follow = follow
        self.names: tuple[str, ...] = ()
        self.variants: tuple[str, ...] = ()
        self.suite: Suite | None = None
        self.findings: tuple[Finding, ...] = ()
        self.runs: tuple[SuiteRun, ...] = ()
        self.report: SuiteReport | None = None
        self.order = SuiteOrder(suite="")
        self.quote: Quote | None = None
        self.trouble = ""
        """Why the last thing could not be done."""
        self.progress: SuiteProgress | None = None
        self.shown_arm: ArmKey | None = None
        self.cell: tuple[str, str] | None = None
        """(expected, chosen): only these trials are listed."""
        self.only_wrong = True
        self.changed: Signal[[]] = Signal()
        self.done: Signal[[str, Undoable | None]] = Signal()
        """Something was done, in words, and how it is undone."""
        self._runner: SuiteRunner | None = None
        self._task: asyncio.Task[Any] | None = None

    # choices

    @property
    def is_running(self) -> bool:
        """Whether a suite run is under way."""
        return self._task is not None

    @property
    def is_paused(self) -> bool:
        """Whether it waits to be continued."""
        return self.progress is not None and self.progress.is_paused

    @property
    def expected_choices(self) -> tuple[str, ...]:
        """What a case can expect: a tool, no call, or a question back."""
        return (*(tool.name for tool in self._parts.toolset), NO_CALL, ASKS_BACK)

    @property
    def models(self) -> tuple[str, ...]:
        """The models that can be asked; the project's own is the empty one."""
        return ("", *(choice.spec for choice in self._parts.model_choices() if choice.is_ready))

    @property
    def splits(self) -> tuple[tuple[str, str], ...]:
        """The splits of the chosen suite and how many cases each has."""
        suite = self.suite or Suite(name="")
        of_one = ((split, f"{split} ({len(suite.of_split(split))})") for split in SPLITS)
        return (*of_one, ("all", f"all cases ({len(suite.cases)})"))

    @property
    def comparison(self) -> ArmComparison | None:
        """The deciding comparison of the arm that is looked at; of the last one where that is the first arm itself."""
        found = self.report.deciding if self.report is not None else ()
        return next((each for each in found if each.after == self.shown_arm), found[-1] if found else None)

    @property
    def comparisons(self) -> tuple[ArmComparison, ...]:
        """The same arm compared on every split."""
        after = self.comparison.after if self.comparison is not None else None
        return tuple(each for each in self.report.comparisons if each.after == after) if self.report else ()

    @property
    def headline(self) -> Headline | None:
        """The answer, where there are results."""
        return headline(self.report, self.comparison) if self.report is not None else None

    @property
    def rows(self) -> tuple[TrialRow, ...]:
        """The trials of the arm that is looked at."""
        if self.report is None or self.shown_arm is None:
            return ()
        return trial_rows(self.report.results, self.shown_arm, cell=self.cell, only_wrong=self.only_wrong)

    def decide(self, **changes: Any) -> None:
        """Change what is to be run (fields of `SuiteOrder`)."""
        self.order = msgspec.structs.replace(self.order, **changes)
        self.quote = None
        self.changed.emit()

    def look_at(self, arm: ArmKey | None, cell: tuple[str, str] | None = None) -> None:
        """List the trials of this arm, of this cell of its matrix alone where one is given."""
        self.shown_arm, self.cell = arm, cell
        self.changed.emit()

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
        """Look at this suite and at the newest of its runs."""
        if name != self.order.suite:
            self.order = SuiteOrder(suite=name)
            self.quote, self.report, self.shown_arm, self.cell = None, None, None, None
        self.suite, self.findings, self.runs, self.trouble = None, (), (), ""
        if name:
            try:
                self.suite, self.findings, self.runs = await asyncio.to_thread(self._read, name)
            except WorkbenchError as error:
                self.trouble = str(error)
        self.changed.emit()
        if self.report is None and self.runs:
            await self.choose_run(self.runs[0].suite_run_id)

    def _read(self, name: str) -> tuple[Suite, tuple[Finding, ...], tuple[SuiteRun, ...]]:
        suites = self._parts.suites
        runs = tuple(run for run in suites.recorded() if run.suite == name)
        return suites.files.load(name), suites.audit(name), runs

    async def choose_run(self, suite_run_id: str) -> None:
        """Look at the results of this suite run."""
        try:
            self.report = await asyncio.to_thread(self._report_of, suite_run_id)
        except WorkbenchError as error:
            self.report, self.trouble = None, str(error)
        if self.report is not None:
            arms = self.report.results.run.arms
            if self.shown_arm not in arms:
                self.shown_arm, self.cell = arms[-1], None
        self.changed.emit()

    def _report_of(self, suite_run_id: str) -> SuiteReport:
        suites = self._parts.suites
        results = suites.results(suite_run_id)
        comparisons = suites.compare(results) if len(results.run.arms) > 1 and results.trials else ()
        return SuiteReport(results, comparisons, suites.audit_run(results))

    # editing

    async def new(self, name: str) -> None:
        """Make a suite; marked decisions become its first cases."""
        if await self._do(lambda: self._parts.suites.new(name.strip())):
            self.order = SuiteOrder(suite=name.strip())
            self.report = None
            await self.refresh()

    async def bring(self, path: Path) -> ImportReport | None:
        """Add the cases of a file to the chosen suite."""
        name = self.order.suite
        try:
            report = await asyncio.to_thread(self._parts.suites.bring, name, path)
        except WorkbenchError as error:
            self._fail(error)
            return None
        await self.choose(name)
        self.done.emit(report.words, None)
        return report

    async def save_case(
        self, request: str, expected: str, arguments_json: str = "", split: Split = "tune", *, case_id: str = ""
    ) -> bool:
        """Add a case, or write another one in place of `case_id`; the rest of an edited case stays."""
        name, suite = self.order.suite, self.suite
        if suite is None:
            return False
        try:
            old = suite.case(case_id) if case_id else None
            turn = CaseTurn(_said(request), _expected(expected, arguments_json))
            if old is not None:
                case = msgspec.structs.replace(old, turns=(*old.turns[:-1], turn), split=split)
            else:
                taken = [each.case_id for each in suite.cases]
                case = Case(case_id=free_id(request, taken), turns=(turn,), split=split)
        except WorkbenchError as error:
            self._fail(error)
            return False
        files = self._parts.suites.files
        if old is not None:
            return await self._change(lambda: files.replace(name, case_id, case))
        return await self._change(lambda: files.add(name, case))

    async def add_turn(self, run_id: RunId, turn: int) -> bool:
        """Add a recorded turn to the chosen suite; the first one is made where there is none."""
        suites = self._parts.suites
        name = self.order.suite or next(iter(suites.files.names()), FIRST_SUITE)

        def add() -> Undoable:
            return add_turn(suites.files, name, tuple(self._parts.runs.load(run_id)), turn, suites.marks())

        is_done = await self._do(add)
        if is_done:
            await self.refresh()
        return is_done

    async def delete_case(self, case_id: str) -> bool:
        """Take a case out of its file."""
        return await self._change(lambda: self._parts.suites.files.replace(self.order.suite, case_id, None))

    async def undo(self, done: Undoable) -> None:
        """Put the files back."""
        try:
            await asyncio.to_thread(done.undo)
        except WorkbenchError as error:
            self._fail(error)
        await self.refresh()

    async def _change(self, act: Callable[[], Undoable]) -> bool:
        is_done = await self._do(act)
        if is_done:
            await self.choose(self.order.suite)
        return is_done

    async def _do(self, act: Callable[[], Undoable]) -> bool:
        try:
            done = await asyncio.to_thread(act)
        except WorkbenchError as error:
            self._fail(error)
            return False
        self.trouble = ""
        self.done.emit(done.words, done)
        return True

    def _fail(self, error: WorkbenchError) -> None:
        self.trouble = str(error)
        self.changed.emit()

    # running

    async def estimate(self) -> None:
        """Say what the run would take."""
        try:
            self.quote = await asyncio.to_thread(self._parts.suites.quote, self.order)
            self.trouble = ""
        except WorkbenchError as error:
            self.quote, self.trouble = None, str(error)
        self.changed.emit()

    async def run(self) -> None:
        """Run what is chosen; Stop keeps what is done."""
        await self._run(lambda: self._parts.suites.begin(self.order, listener=self._hear))

    async def resume(self, suite_run_id: str) -> None:
        """Go on with a suite run that was stopped."""
        await self._run(lambda: self._parts.suites.resume(suite_run_id, self.order, listener=self._hear))

    async def _run(self, begin: Callable[[], SuiteRunner]) -> None:
        if self._task is not None:
            return
        try:
            runner = await asyncio.to_thread(begin)
        except WorkbenchError as error:
            self._fail(error)
            return
        self._runner, self.progress, self.trouble = runner, runner.progress, ""
        self._task = asyncio.create_task(runner.run(), name="suite run")
        shown = Progress(f"Suite {self.order.suite}", "trial", stop=self.stop)
        self._shown = shown
        self._follow(shown)
        self.changed.emit()
        try:
            await asyncio.wait([self._task])
            if not self._task.cancelled() and (failure := self._task.exception()) is not None:
                self._fail_run(failure)
        finally:
            shown.finish()
            self.progress = runner.progress
            self._runner = self._task = None
        run_id = runner.results.run.suite_run_id
        self.report = None
        self.runs = await asyncio.to_thread(
            lambda: tuple(run for run in self._parts.suites.recorded() if run.suite == self.order.suite)
        )
        await self.choose_run(run_id)
        self.done.emit(f"Suite {self.order.suite}: {self.progress_words}", None)

    def _fail_run(self, error: BaseException) -> None:
        found = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error
        if not isinstance(found, WorkbenchError):
            raise error
        self.trouble = str(found)

    def _hear(self, _: Trial, progress: SuiteProgress) -> None:
        self.progress = progress
        self._shown.tell(progress.done + progress.failed, progress.wanted)
        self.changed.emit()

    def pause(self) -> None:
        """Begin no more trials, or go on."""
        if self._runner is not None:
            (self._runner.go_on if self.is_paused else self._runner.pause)()
            self.progress = self._runner.progress
            self.changed.emit()

    def stop(self) -> None:
        """End the run; what is done is kept and can be resumed."""
        if self._task is not None:
            self._task.cancel()

    async def close(self) -> None:
        """End what runs, and wait for it."""
        task = self._task
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    @property
    def progress_words(self) -> str:
        """How far the run is; empty before the first one."""
        return progress_words(self.progress, is_running=self.is_running) if self.progress is not None else ""

    @property
    def quote_words(self) -> str:
        """What the run would take, in a sentence; empty before it was estimated."""
        return quote_words(self.quote) if self.quote is not None else ""

    def file_of(self, kind: str) -> tuple[str, str]:
        """The name and text of a report file. `kind` is a key of `REPORT_FILES`; there must be a report."""
        assert self.report is not None
        ending, write = REPORT_FILES[kind]
        return f"{self.report.results.run.suite_run_id}{ending}", write(self.report)


def splits() -> tuple[Split, ...]:
    """The splits a case can be in."""
    return tuple(get_args(Split))


def _said(request: str) -> str:
    if not request.strip():
        raise UsageError("a case needs a request", hint="Type what the user says.")
    return request.strip()


def _expected(expected: str, arguments_json: str) -> Expected:
    if expected == NO_CALL:
        return Expected()
    if expected == ASKS_BACK:
        return Expected(asks_back=True)
    if not arguments_json.strip():
        return Expected((WantedCall(expected),))
    try:
        return Expected((WantedCall(expected, parse_strict_object(arguments_json)),))
    except MalformedJson as error:
        raise UsageError(
            f"the expected arguments are not a JSON object: {error}", hint='Write for example {"city": "Tokyo"}.'
        ) from None
