"""The map of overlaps: a table of how alike the request and the descriptions are. Enter on a cell opens its duel."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
)

from workbench.gui.labels import label, plain_tip
from workbench.gui.listening import listen
from workbench.gui.look import Look
from workbench.gui.microscope.choice_box import ChoiceBox
from workbench.gui.microscope.evidence_panel import EvidencePanel
from workbench.gui.microscope.series_bar import TASK
from workbench.gui.safety.page_frame import action_button
from workbench.gui.tasks import Tasks
from workbench.viewmodels.microscope.overlaps import REQUEST, Overlaps
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.plain import one_line

HINT = "Arrow keys move, Enter opens the duel of the two tools, Ctrl+C copies the table."


class OverlapsPanel(EvidencePanel):
    """`duel_asked` names the two tools of a cell; of the request's column, what was chosen against that row."""

    duel_asked = Signal(str, str)

    def __init__(self, point: PointViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__("Overlaps")
        self.overlaps = Overlaps(point)
        self._tasks = tasks
        self.measure = ChoiceBox("How the texts are compared")
        self.measure.picked.connect(lambda key: self._measure(key))
        self.words = label("", "strong", wraps=True)
        self.caption = label("", "caption", wraps=True)
        self.table = OverlapTable(self.overlaps, look, self._open)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(label("Compared by", "caption"))
        head.addWidget(self.measure)
        head.addStretch(1)
        head.addWidget(action_button("Copy the table", "Copy the table of overlaps", self.table.copy, role="link"))
        self.column.addLayout(head)
        for widget in (self.words, self.caption, self.table, label(HINT, "caption", wraps=True)):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self._refresh()
        listen(self, self.overlaps.changed, self._refresh)
        self._measure(self.overlaps.measure)

    def _measure(self, measure: str) -> None:
        work = self.overlaps.measure_by("model" if measure == "model" else "words")
        self._tasks.start(f"{TASK}overlaps {id(self)} {measure}", work)

    def _open(self, row: str, column: str) -> None:
        other = (self.overlaps.point.chosen_tool or "") if column == REQUEST else column
        if other and other != row:
            self.duel_asked.emit(row, other)

    def _refresh(self) -> None:
        overlaps = self.overlaps
        self.measure.show_choices(overlaps.measures, overlaps.measure)
        self.words.setText(overlaps.words)
        self.caption.setText(overlaps.label)
        self.table.refresh()


class OverlapTable(QTableWidget):
    """Tints by strength, figures in every cell; columns are numbered like the rows."""

    def __init__(self, overlaps: Overlaps, look: Look, opened: Callable[[str, str], object]) -> None:
        super().__init__(0, 0)
        self._overlaps = overlaps
        self._look = look
        self._opened = opened
        self.setAccessibleName("Overlaps of the request and the descriptions")
        self.setProperty("role", "values")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for header, which in ((self.horizontalHeader(), "Columns"), (self.verticalHeader(), "Rows")):
            header.setAccessibleName(f"{which} of the map of overlaps")
            header.setHighlightSections(False)
        for corner in self.findChildren(QAbstractButton):
            corner.setAccessibleName("Select all overlaps")
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.cellActivated.connect(self._open)
        listen(self, look.changed, self.refresh)

    def refresh(self) -> None:
        """Show the map as it is now; the cell that was selected stays."""
        overlaps = self._overlaps
        names = overlaps.names
        columns = (REQUEST, *names)
        self.setRowCount(len(names))
        self.setColumnCount(len(columns))
        for number, name in enumerate(names, 1):
            self.setVerticalHeaderItem(number - 1, _header(f"{number}  {one_line(name, 40)}", name))
        for place, name in enumerate(columns):
            self.setHorizontalHeaderItem(place, _header(str(place) if place else "request", name))
        for row, name in enumerate(names):
            for column, other in enumerate(columns):
                self._show_cell(row, column, name, other)
        height = self._look.px(26)
        self.verticalHeader().setDefaultSectionSize(height)
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + max(1, len(names)) * height + bar + 6)

    def copy(self) -> None:
        """The whole table onto the clipboard, with tabs between cells."""
        QGuiApplication.clipboard().setText(self._overlaps.tabbed())

    def _show_cell(self, row: int, column: int, name: str, other: str) -> None:
        overlaps = self._overlaps
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self.setItem(row, column, item)
        level = overlaps.level(name, other)
        item.setText("–" if name == other else overlaps.text(name, other))
        item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        item.setToolTip(plain_tip(overlaps.spoken(name, other)))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, overlaps.spoken(name, other))
        item.setBackground(self._look.color(f"heat_more_{level}" if level else "surface"))
        item.setForeground(self._look.color("text" if level else "muted"))

    def _open(self, row: int, column: int) -> None:
        names = self._overlaps.names
        if 0 <= row < len(names) and 0 <= column <= len(names):
            self._opened(names[row], (REQUEST, *names)[column])

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self._open(self.currentRow(), self.currentColumn())
        else:
            super().keyPressEvent(event)


def _header(text: str, name: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(plain_tip(name))
    item.setData(Qt.ItemDataRole.AccessibleTextRole, one_line(name, 64))
    item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return item
