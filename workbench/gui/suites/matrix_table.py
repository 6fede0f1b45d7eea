"""What was chosen in place of what was expected, as a table whose cells lead to their trials."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from workbench.core.suite.results import ConfusionMatrix
from workbench.gui.kit.labels import plain_tip
from workbench.gui.kit.rows_table import lay_out_rows
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.plain import one_line

_LEAST_ALPHA, _MOST_ALPHA = 30, 190
_MOST_ROWS = 14


class MatrixTable(QTableWidget):
    """Rows are what was expected, columns what was chosen; darker is more frequent. Green lies on the diagonal."""

    cell_chosen = Signal(object)
    """The (expected, chosen) of a cell with trials; None where there are none."""
    entered = Signal()
    """Enter was pressed: the person wants to go to the trials."""

    def __init__(self, look: Look) -> None:
        super().__init__(0, 0)
        self._look = look
        self._matrix = ConfusionMatrix({})
        lay_out_rows(self, "Expected and chosen", (), wide=-1)
        self.verticalHeader().setVisible(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setToolTip("Rows: what was expected. Columns: what was chosen. Choose a cell to list its trials.")
        self.itemSelectionChanged.connect(self._tell)
        look.follow(self, self._paint)

    def show_matrix(self, matrix: ConfusionMatrix) -> None:
        """Show these counts; the chosen cell stays chosen where it is still there."""
        if matrix == self._matrix:
            return
        self._matrix = matrix
        rows, columns = matrix.rows, matrix.columns
        self.blockSignals(True)
        self.clear()
        self.setRowCount(len(rows))
        self.setColumnCount(len(columns))
        self.setVerticalHeaderLabels([one_line(name, 40) for name in rows])
        self.setHorizontalHeaderLabels([one_line(name, 24) for name in columns])
        for row, expected in enumerate(rows):
            for column, chosen in enumerate(columns):
                count = matrix.count(expected, chosen)
                item = QTableWidgetItem(str(count) if count else "")
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                words = f"{expected} expected, {chosen} chosen: {count}"
                item.setToolTip(plain_tip(words))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
                self.setItem(row, column, item)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.blockSignals(False)
        self._paint()

    def _paint(self) -> None:
        rows, columns = self._matrix.rows, self._matrix.columns
        for row, expected in enumerate(rows):
            whole = sum(self._matrix.count(expected, chosen) for chosen in columns) or 1
            for column, chosen in enumerate(columns):
                item, count = self.item(row, column), self._matrix.count(expected, chosen)
                if item is not None:
                    color = QColor(self._look.color("ok" if expected == chosen else "error"))
                    color.setAlpha(round(_LEAST_ALPHA + (_MOST_ALPHA - _LEAST_ALPHA) * count / whole))
                    item.setBackground(QBrush(color) if count else QBrush(Qt.BrushStyle.NoBrush))
        height = self._look.px(26)
        self.verticalHeader().setDefaultSectionSize(height)
        shown = min(max(1, len(rows)), _MOST_ROWS)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + (shown + 1) * height)

    def _tell(self) -> None:
        row, column = self.currentRow(), self.currentColumn()
        if row < 0 or column < 0 or not self.selectedItems():
            return
        place = (self._matrix.rows[row], self._matrix.columns[column])
        self.cell_chosen.emit(place if self._matrix.count(*place) else None)

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(200), super().minimumSizeHint().height())
