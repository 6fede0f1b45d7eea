"""What if: select changes around the decision, see what trying them would cost, try them, and see their effects."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel

from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.microscope.ablation_bar import AblationBar
from workbench.gui.microscope.change_row import ChangeRow
from workbench.gui.microscope.scroll_panel import ScrollPanel
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.microscope.what_if import WhatIf, bar_of

ABOUT = "Each change is tried on its own against the original decision. Chosen tools are not run."


class WhatIfPanel(ScrollPanel):
    """The counterfactuals of one decision."""

    def __init__(self, point: PointViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__("What if")
        self.what_if = WhatIf(point)
        self.rows: list[ChangeRow] = []
        self._look = look
        series = self.what_if.series
        self.bar = AblationBar(series, look, tasks, verb="Try selected changes")
        self.base = label("", "strong", wraps=True)
        self.counted = label("", "caption", wraps=True)
        self._headings: list[QLabel] = []
        ticks = QHBoxLayout()
        ticks.addWidget(self.base, 1)
        for text, name, act in (
            ("Select all", "Select all changes", lambda: series.tick_all(is_on=True)),
            ("None", "Clear selection", lambda: series.tick_all(is_on=False)),
            ("Copy as Markdown", "Copy results as Markdown", self.copy),
        ):
            ticks.addWidget(action_button(text, name, act, role="link"))
        self.column.addWidget(label(ABOUT, "muted", wraps=True))
        self.column.addWidget(self.bar)
        self.column.addLayout(ticks)
        self.column.addWidget(self.counted)
        self.column.addStretch(1)
        self._refresh()
        listen(self, series.changed, self._refresh)

    def copy(self) -> None:
        """Copy all results as a Markdown table."""
        QGuiApplication.clipboard().setText(self.what_if.markdown())

    def _refresh(self) -> None:
        what_if = self.what_if
        if [row.row for row in self.rows] != [row for _, rows in what_if.groups for row in rows]:
            self._make_rows()
        self.base.setText(what_if.base_words)
        self.counted.setText(f"Shares count {what_if.counted}." if what_if.series.rows else "")
        for row in self.rows:
            row.show_row(bar_of(row.row), what_if.votes(row.row), is_running=what_if.series.is_running)

    def _make_rows(self) -> None:
        for old in (*self.rows, *self._headings):
            old.setParent(None)
            old.deleteLater()
        self.rows, self._headings = [], []
        for title, rows in self.what_if.groups:
            heading = label(title, "heading")
            self._headings.append(heading)
            self.column.insertWidget(self.column.count() - 1, heading)
            for row in rows:
                shown = ChangeRow(row, self._look)
                shown.ticked.connect(lambda is_on, row=row: self.what_if.series.tick(row, is_on=is_on))
                self.rows.append(shown)
                self.column.insertWidget(self.column.count() - 1, shown)
