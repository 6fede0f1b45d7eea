"""What came out of a suite run: the answer, the arms, the verdicts, the confusions, and every trial."""

from collections.abc import Callable
from itertools import count
from typing import NamedTuple

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QMenu, QVBoxLayout, QWidget

from workbench.core.suite.called_first import called_first
from workbench.core.suite.results import SuiteResults
from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.diff_view import DiffView
from workbench.gui.kit.flow_layout import flow_row, tab_in_order
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.suites.interval_chart import IntervalChart
from workbench.gui.suites.matrix_table import MatrixTable
from workbench.gui.suites.race_view import RaceView
from workbench.viewmodels.shared import figures
from workbench.viewmodels.suites.suite_charts import change_marks, share_marks, tag_marks
from workbench.viewmodels.suites.suite_rows import (
    ARM_COLUMNS,
    TRIAL_COLUMNS,
    VERDICT_COLUMNS,
    TrialRow,
    arm_cells,
    finding_words,
    verdict_cells,
)
from workbench.viewmodels.suites.suite_words import order_words
from workbench.viewmodels.suites.suites import REPORT_FILES, SuitesViewModel

_MOST_FIRST = 6
_DIFF_LINES = 10


class ResultActs(NamedTuple):
    """What the page can do with results: show a trial's run, or the decision in it that went wrong; improve the chosen
    confusion; write a report of a kind."""

    open_trial: Callable[[TrialRow], object]
    explain: Callable[[TrialRow], object]
    improve: Callable[[], object]
    save: Callable[[str], object]


class ResultsView(QWidget):
    """`acts` are what can be done with a trial, an arm's confusions, and the whole."""

    def __init__(self, suites: SuitesViewModel, look: Look, tasks: Tasks, acts: ResultActs) -> None:
        super().__init__()
        self._suites = suites
        self._tasks = tasks
        self._acts = acts
        self._rows: tuple[TrialRow, ...] = ()
        """Those in the table."""
        self._looks = count()
        self.run = ChoiceBox("Suite run")
        self.run.picked.connect(lambda run_id: tasks.start("read suite results", suites.choose_run(run_id)))
        self.resume = action_button("Resume", "Resume this suite run", self._resume)
        self.export = action_button("Export…", "Save the results as a file", self._offer_files)
        self._words = label("", "heading", wraps=True)
        self._detail = label("", "muted", wraps=True)
        self._findings = label("", "hint", wraps=True)
        self.pin = action_button("Pin as baseline", "Pin this arm as the suite's baseline", self._pin)
        self.chart = IntervalChart(look, "Share of right cases by arm")
        self.changes = IntervalChart(look, "Change from the baseline")
        self.tags = IntervalChart(look, "Share of right cases by tag")
        self._tag_title = label("", "strong", wraps=True)
        self.tag = ChoiceBox("Tag")
        self.tag.picked.connect(suites.show_tag)
        self.race = RaceView(look)
        self._first = label("", "muted", wraps=True)
        self.arms = RowsTable("Arms", ARM_COLUMNS, look, wide=0)
        self.arms.chosen.connect(self._look_at)
        self.verdicts = RowsTable("Verdicts", VERDICT_COLUMNS, look, wide=2)
        self._matrix_title = label("", "strong", wraps=True)
        self.matrix = MatrixTable(look)
        self.matrix.cell_chosen.connect(lambda cell: suites.look_at(suites.shown_arm, cell))
        self.matrix.entered.connect(self._go_to_trials)
        self._trial_title = label("", "strong", wraps=True)
        self.right_too = QCheckBox("Right ones too")
        self.right_too.toggled.connect(lambda is_on: suites.show_right_ones(is_on=is_on))
        self.all_cells = action_button("All cells", "List the trials of all cells", self._leave_cell)
        self.open = action_button("Open the run  Enter", "Open the run of the selected trial", self.open_selected)
        self.why = action_button("Why?  W", "Open the decision of the selected trial in the microscope", self.explain)
        self.improve = action_button("Improve…  I", "Improve the descriptions behind this confusion", acts.improve)
        self.trials = _TrialTable(look, {"W": self.explain, "I": acts.improve}, self.open_selected)
        self.trials.chosen.connect(lambda _: self._compare())
        self.arguments = DiffView(look, "Expected and given arguments", max_lines=_DIFF_LINES)
        self._lay_out()
        listen(self, suites.changed, self.refresh)
        listen(self, suites.arguments.changed, self._show_arguments)
        self._show_arguments()
        self.refresh()

    def refresh(self) -> None:
        """Show the chosen suite run."""
        suites, report = self._suites, self._suites.report
        self.run.show_choices(order_words(suites.runs), report.results.run.suite_run_id if report else "")
        has_report = report is not None
        for widget in (self.run, self.resume, self.export, self.pin, self._body):
            widget.setVisible(has_report)
        answer = suites.headline
        nothing = "Working out the results…" if suites.is_reading else "No results yet. Start the suite under Run."
        self._words.setText(answer.words if answer else nothing)
        self._detail.setText(answer.detail if answer else "")
        set_role(self._words, "tone", answer.tone if answer and answer.tone != "plain" else "")
        if report is None or suites.shown_arm is None:
            return
        self.resume.setVisible(not report.results.is_complete)
        self.resume.setEnabled(not suites.is_running)
        notes = finding_words(report)
        self._findings.setText("\n".join(notes))
        self._findings.setVisible(bool(notes))
        totals = report.totals_by_split
        self.chart.show_shares(share_marks(totals))
        arms = [total.arm for _, total in totals]
        self.arms.show_rows([arm_cells(total, split) for split, total in totals], arms.index(suites.shown_arm))
        split_of_all = report.results.run.split
        verdicts = [
            verdict_cells(verdict, each.split or split_of_all)
            for each in suites.comparisons
            for verdict in each.verdicts
        ]
        self.verdicts.show_rows(verdicts, None)
        self.verdicts.setVisible(bool(verdicts))
        marks, margin = change_marks(suites.comparisons, split_of_all)
        self.changes.show_changes(marks, margin)
        self.pin.setText("Unpin baseline" if suites.is_pinned else "Pin as baseline")
        self.race.show_race(suites.past_rounds, None)
        self._show_tags(report.results)
        self._matrix_title.setText(f"Expected and chosen by {suites.shown_arm.title}")
        self.matrix.show_matrix(suites.matrix)
        first = called_first(report.results, suites.shown_arm)
        self._first.setText("Called first, as observed: " + "; ".join(str(each) for each in first[:_MOST_FIRST]))
        self._first.setVisible(bool(first))
        self._show_trials()

    def _show_tags(self, results: SuiteResults) -> None:
        suites = self._suites
        assert suites.shown_arm is not None
        choices = [("", "All tags"), *((tag, tag) for tag in results.tags)]
        self.tag.show_choices(choices, suites.tag)
        self.tag.setVisible(len(choices) > 1)
        self._tag_title.setText(f"Right by tag: {suites.shown_arm.title}")
        marks = tag_marks(results, suites.shown_arm)
        self._tag_title.setVisible(bool(marks))
        self.tags.show_shares(marks)

    def _show_trials(self) -> None:
        suites = self._suites
        self._rows = rows = suites.rows
        where = f"{suites.cell[0]} expected, {suites.cell[1]} chosen" if suites.cell else "all cells"
        tag = f" · {suites.tag}" if suites.tag else ""
        self._trial_title.setText(f"{figures.count(len(rows), 'trial')} · {where}{tag}")
        self.all_cells.setVisible(suites.cell is not None)
        place = self.trials.currentRow()
        self.trials.show_rows([row.cells for row in rows], max(0, min(place, len(rows) - 1)) if rows else None)
        for button in (self.open, self.why):
            button.setEnabled(bool(rows))
        self._compare()
        self.improve.setEnabled(bool(suites.improving.confusions))

    def _compare(self) -> None:
        self._tasks.start(f"compare arguments {next(self._looks)}", self._suites.arguments.look_at(self._selected))

    def _show_arguments(self) -> None:
        parts = self._suites.arguments.parts
        self.arguments.show_parts(parts)
        self.arguments.setVisible(bool(parts))

    @property
    def _selected(self) -> TrialRow | None:
        place = self.trials.currentRow()
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def open_selected(self) -> None:
        """Open the run of the selected trial."""
        if self._selected is not None:
            self._acts.open_trial(self._selected)

    def explain(self) -> None:
        """Show the decision of the selected trial in the microscope."""
        if self._selected is not None:
            self._acts.explain(self._selected)

    def _go_to_trials(self) -> None:
        self.trials.setFocus()

    def _pin(self) -> None:
        self._tasks.start("pin a baseline", self._suites.pin())

    def _look_at(self, place: int) -> None:
        report = self._suites.report
        if report is not None:
            self._suites.look_at(report.totals_by_split[place][1].arm)

    def _leave_cell(self) -> None:
        self.matrix.clearSelection()
        self._suites.look_at(self._suites.shown_arm)

    def _resume(self) -> None:
        if self._suites.report is not None:
            run_id = self._suites.report.results.run.suite_run_id
            self._tasks.start("suite run", self._suites.resume(run_id))

    def _offer_files(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Save the results as")
        for kind in REPORT_FILES:
            menu.addAction(f"{kind}…").triggered.connect(lambda _=False, kind=kind: self._acts.save(kind))
        menu.popup(self.export.mapToGlobal(QPoint(0, self.export.height())))
        return menu

    def _lay_out(self) -> None:
        head, flow = flow_row()
        for widget in (self.run, self.resume, self.export, self.pin):
            flow.addWidget(widget)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(10)
        trial_row, trial_flow = flow_row()
        tag_row, tag_flow = flow_row()
        tag_flow.addWidget(self.tag)
        for button in (self.open, self.why, self.improve, self.right_too, self.all_cells):
            trial_flow.addWidget(button)
        for part in (
            self._findings,
            self.chart,
            self.arms,
            self.changes,
            self.verdicts,
            self.race,
            self._matrix_title,
            tag_row,
            self.matrix,
            self._first,
            self._trial_title,
            trial_row,
            self.trials,
            self.arguments,
            self._tag_title,
            self.tags,
        ):
            body.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for each in (head, self._words, self._detail, self._body):
            column.addWidget(each)
        column.addStretch(1)
        tab_in_order(
            *(self.run, self.resume, self.export, self.pin, self.arms, self.verdicts, self.race.table, self.tag),
            *(
                self.matrix,
                self.open,
                self.why,
                self.improve,
                self.right_too,
                self.all_cells,
                self.trials,
                self.arguments,
            ),
        )


class _TrialTable(RowsTable):
    """Enter opens a trial; `keys` are letters and what they do."""

    def __init__(self, look: Look, keys: dict[str, Callable[[], object]], enter: Callable[[], object]) -> None:
        super().__init__("Trials", TRIAL_COLUMNS, look, wide=2)
        self._keys = keys
        self._enter = enter
        self.itemDoubleClicked.connect(lambda _: enter())

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._keys.get(event.text().upper()) if not event.modifiers() else None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif act is not None:
            act()
        else:
            super().keyPressEvent(event)
