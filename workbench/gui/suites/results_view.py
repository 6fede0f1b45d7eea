"""What came out of a suite run: the answer, the arms, the verdicts, the confusions, and every trial."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QMenu, QVBoxLayout, QWidget

from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.suites.interval_chart import IntervalChart
from workbench.gui.suites.matrix_table import MatrixTable
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


class ResultsView(QWidget):
    """`open_trial` shows a trial's stored run; `save` takes the kind of report to write."""

    def __init__(
        self,
        suites: SuitesViewModel,
        look: Look,
        tasks: Tasks,
        open_trial: Callable[[TrialRow], object],
        save: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._suites = suites
        self._tasks = tasks
        self._open_trial = open_trial
        self._save = save
        self.run = ChoiceBox("Suite run")
        self.run.picked.connect(lambda run_id: tasks.start("read suite results", suites.choose_run(run_id)))
        self.resume = action_button("Resume", "Go on with this suite run", self._resume)
        self.export = action_button("Export…", "Save the results as a file", self._offer_files)
        self._words = label("", "heading", wraps=True)
        self._detail = label("", "muted", wraps=True)
        self._findings = label("", "hint", wraps=True)
        self.chart = IntervalChart(look)
        self.arms = RowsTable("Arms", ARM_COLUMNS, look, wide=0)
        self.arms.chosen.connect(self._look_at)
        self.verdicts = RowsTable("Verdicts", VERDICT_COLUMNS, look, wide=2)
        self._matrix_title = label("", "strong", wraps=True)
        self.matrix = MatrixTable(look)
        self.matrix.cell_chosen.connect(lambda cell: suites.look_at(suites.shown_arm, cell))
        self._trial_title = label("", "strong", wraps=True)
        self.right_too = QCheckBox("Right ones too")
        self.right_too.toggled.connect(lambda is_on: suites.show_right_ones(is_on=is_on))
        self.all_cells = action_button("All cells", "List the trials of all cells", self._leave_cell)
        self.open = action_button("Open the run  Enter", "Open the run of the selected trial", self.open_selected)
        self.trials = _TrialTable(look, self.open_selected)
        self._lay_out()
        listen(self, suites.changed, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the chosen suite run."""
        suites, report = self._suites, self._suites.report
        self.run.show_choices(order_words(suites.runs), report.results.run.suite_run_id if report else "")
        has_report = report is not None
        for widget in (self.run, self.resume, self.export, self._body):
            widget.setVisible(has_report)
        answer = suites.headline
        self._words.setText(answer.words if answer else "No results yet. Run the suite first.")
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
        self.chart.show_totals([(f"{split} · {total.arm.title}", total) for split, total in totals])
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
        self._matrix_title.setText(f"Expected and chosen by {suites.shown_arm.title}")
        self.matrix.show_matrix(report.results.matrix(suites.shown_arm))
        self._show_trials()

    def _show_trials(self) -> None:
        suites, rows = self._suites, self._suites.rows
        where = f"{suites.cell[0]} expected, {suites.cell[1]} chosen" if suites.cell else "all cells"
        self._trial_title.setText(f"{len(rows)} trials · {where}")
        self.all_cells.setVisible(suites.cell is not None)
        self.trials.show_rows([row.cells for row in rows], 0 if rows else None)
        self.open.setEnabled(bool(rows))

    def open_selected(self) -> None:
        """Open the run of the selected trial."""
        place, rows = self.trials.currentRow(), self._suites.rows
        if 0 <= place < len(rows):
            self._open_trial(rows[place])

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
            menu.addAction(f"{kind}…").triggered.connect(lambda _=False, kind=kind: self._save(kind))
        menu.popup(self.export.mapToGlobal(QPoint(0, self.export.height())))
        return menu

    def _lay_out(self) -> None:
        head, flow = flow_row()
        for widget in (self.run, self.resume, self.export):
            flow.addWidget(widget)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(10)
        trial_row, trial_flow = flow_row()
        for button in (self.open, self.right_too, self.all_cells):
            trial_flow.addWidget(button)
        for part in (
            self._findings,
            self.chart,
            self.arms,
            self.verdicts,
            self._matrix_title,
            self.matrix,
            self._trial_title,
            trial_row,
            self.trials,
        ):
            body.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for each in (head, self._words, self._detail, self._body):
            column.addWidget(each)
        column.addStretch(1)


class _TrialTable(RowsTable):
    def __init__(self, look: Look, enter: Callable[[], object]) -> None:
        super().__init__("Trials", TRIAL_COLUMNS, look, wide=2)
        self._enter = enter
        self.itemDoubleClicked.connect(lambda _: enter())

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        else:
            super().keyPressEvent(event)
