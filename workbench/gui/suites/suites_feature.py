"""Suites as a feature of the window: the page, and cases made from a conversation."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import WorkbenchError
from workbench.core.ids import CallId, RunId, turn_span
from workbench.core.signal import Signal
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, PlaceAction, WindowContext
from workbench.gui.kit.listening import listen
from workbench.gui.microscope.microscope_feature import MicroscopeFeature
from workbench.gui.routing.routing_feature import RoutingFeature
from workbench.gui.tool_runs.tool_runs_feature import ResultAction, ToolRunsFeature
from workbench.viewmodels.runs.run_place import RunPlace, RunPlaceKind
from workbench.viewmodels.shared.plain import one_line

if TYPE_CHECKING:
    from workbench.gui.suites.suites_page import SuitesPage
    from workbench.viewmodels.suites.suite_rows import TrialRow
    from workbench.viewmodels.suites.suite_running import SuitesParts
    from workbench.viewmodels.suites.suites import SuitesViewModel

SUITES = "Suites"
_PAGE: PageKey[SuitesPage] = PageKey("suites")


class SuitesFeature(Feature["SuitesParts"]):
    """The page opens at most once; a run goes on when it is closed."""

    def __init__(self, context: WindowContext, parts: SuitesParts) -> None:
        super().__init__(context, parts)
        self._suites: SuitesViewModel | None = None
        self.done: Signal[[]] = Signal()
        """A suite run has ended, or a suite has changed."""
        self.dialog: QFileDialog | None = None

    def commands(self) -> tuple[Command, ...]:
        """The page and its parts."""
        words = "test evaluate benchmark statistics compare prove evals"
        return (
            Command("suites", "Suites: test variants", SUITES, self.open, opens_page=True, synonyms=words),
            Command("save-case", "Save the newest turn as a case", SUITES, self.save_newest, ("Ctrl+Alt+S",)),
            Command("run-suite", "Run a suite…", SUITES, lambda: self.open("Run"), synonyms=words),
            Command("suite-results", "Results of suites", SUITES, lambda: self.open("Results"), synonyms=words),
            Command("pin-baseline", "Pin the shown arm as baseline, or unpin it", SUITES, self.pin),
            Command("suite-matrix", "Show the confusion matrix", SUITES, self.open_matrix, synonyms=words),
        )

    def place_actions(self) -> tuple[PlaceAction, ...]:
        """A recorded turn becomes a case."""
        kinds = frozenset[RunPlaceKind]({"message", "round", "call"})
        return (PlaceAction("add-case", "Add to a suite as a case", kinds, self._add_turn),)

    @property
    def suites(self) -> SuitesViewModel:
        """Made on first use."""
        from workbench.viewmodels.suites.suites import SuitesViewModel

        if self._suites is None:
            window, toasts = self.context.as_window, self.context.toasts
            self._suites = SuitesViewModel(self.parts, self.context.work.begin)
            listen(window, self._suites.done, self._tell)
            listen(window, self._suites.done, lambda *_: self.done.emit())
            listen(window, self._suites.editing.tools_written, self._read_again)
            listen(window, self._suites.failed, lambda words: toasts.tell(words, tone="warn"))
        return self._suites

    def begin(self) -> None:
        """Nothing is read before the page is opened."""
        features = self.context.features
        features.of(MicroscopeFeature).save_case = self._add_turn
        save = ResultAction("Save as case", "Save this call as a case of a suite", self._save_call)
        features.of(ToolRunsFeature).result_actions.append(save)

    def take_pane(self, pane: ChatPane) -> None:
        """What a person edited or rejected becomes a case in one click."""
        pane.case_asked.connect(self._add_turn)

    def open(self, part: str = "Cases") -> SuitesPage:
        """Show the page at a part of it."""
        page = self.context.documents.show_page(_PAGE, SUITES, self._make)
        page.show_part(part)
        (page.improve.suggest if part == "Improve" else page).setFocus()
        self.context.tasks.start("read suites", self.suites.refresh())
        return page

    def pin(self) -> None:
        """Pin the arm whose results are shown as its suite's baseline, or unpin it."""
        if self.suites.report is None:
            self.context.toasts.tell("There are no results to pin yet.", tone="warn")
        else:
            self.context.tasks.start("pin a baseline", self.suites.pin())

    def open_matrix(self) -> SuitesPage:
        """Show the results at their confusion matrix, ready for the arrow keys."""
        page = self.open("Results")
        page.show_widget(page.results.matrix)
        return page

    def refresh(self) -> None:
        """The project's files were read again."""
        if self.context.documents.page(_PAGE) is not None and not self.suites.is_running:
            self.context.tasks.start("read suites", self.suites.refresh())

    async def put_away(self) -> None:
        """A run ends before the session closes; what is done is kept."""
        if self._suites is not None:
            await self._suites.close()

    def save_newest(self) -> None:
        """Make a case of the newest turn of the open conversation."""
        pane = self.context.pane
        rows = pane.conversation.trace.rows if pane is not None else []
        found = next((row for row in reversed(rows) if row.kind == "turn"), None)
        if found is None:
            self.context.toasts.tell("There is no turn in this conversation yet.", tone="warn")
        else:
            self._add_turn(RunPlace("message", found.run_id, found.span))

    def _save_call(self, run_id: RunId, _: CallId) -> None:
        self._add_turn(RunPlace("message", run_id, turn_span(1)))

    def _add_turn(self, run_place: RunPlace) -> None:
        turn = int(run_place.span.partition("/")[0].removeprefix("turn-") or 1)
        work = self.suites.editing.add_turn(run_place.run_id, turn)
        self.context.tasks.start(f"add a case of {run_place.run_id} {turn}", work)

    def _make(self) -> SuitesPage:
        from workbench.gui.suites.results_view import ResultActs
        from workbench.gui.suites.suites_page import SuitesPage

        context = self.context
        return SuitesPage(
            self.suites,
            context.look,
            context.tasks,
            ask_file=self.ask_cases,
            acts=ResultActs(self._open_trial, self._explain, lambda: self.open("Improve"), self.save),
        )

    def ask_cases(self) -> None:
        """Ask for a file of cases."""
        dialog = self._ask("Import cases", "")
        dialog.setNameFilters(["Cases (*.jsonl *.json *.csv *.yaml *.yml)", "All files (*)"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(
            lambda name: self.context.tasks.start("import cases", self.suites.editing.bring(Path(name)))
        )
        dialog.show()

    def save(self, kind: str) -> None:
        """Ask where to write the results."""
        name, text = self.suites.file_of(kind)
        dialog = self._ask("Export results", name)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda chosen: self.write(Path(chosen), text))
        dialog.show()

    def write(self, path: Path, text: str) -> None:
        """Write a report; the file's earlier content can be restored."""
        from workbench.app.exports.export_files import write_exports

        try:
            done = write_exports({path: text})
        except WorkbenchError as error:
            self.context.toasts.tell(one_line(error.message, 200), tone="error")
            return
        undo = partial(self.take_back, done.undo, of_project=False)
        self.context.toasts.tell(one_line(done.words, 200), undo, tone="ok")

    def _ask(self, title: str, name: str) -> QFileDialog:
        dialog = self.dialog = QFileDialog(self.context.as_window, title, name)
        dialog.setModal(False)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _open_trial(self, row: TrialRow) -> None:
        if row.run_id and row.was_not_offered:
            self.context.features.of(RoutingFeature).show_cause(row.run_id, row.turn)
        elif row.run_id:
            self.context.opening.run(row.run_id)
        else:
            self.context.toasts.tell("This trial has no stored run.", tone="warn")

    def _explain(self, row: TrialRow) -> None:
        """Open the decision in the microscope, with what was expected there; where the right tool was not offered, the
        routing, because the model had no choice."""
        if row.run_id and row.was_not_offered:
            self._open_trial(row)
            return
        self.context.tasks.start("look at a trial", self._show_decision(row))

    async def _show_decision(self, row: TrialRow) -> None:
        place = await self.suites.decision_of(row)
        if place is None:
            self.context.toasts.tell("This trial has no stored run.", tone="warn")
            return
        page = await self.context.features.of(MicroscopeFeature).page(place)
        if page is not None:
            page.mark.form.choose(row.expected_tool)

    def _read_again(self) -> None:
        self.context.tasks.start("read the project after new examples", self.context.read_again())

    def _tell(self, words: str, done: Undoable | None) -> None:
        tasks, suites = self.context.tasks, self.suites
        undo = None if done is None else lambda: tasks.start("undo a change of a suite", suites.undo(done))
        self.context.toasts.tell(one_line(words, 200), undo, tone="ok")
