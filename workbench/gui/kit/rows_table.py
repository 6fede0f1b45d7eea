"""A plain table of texts, one row selected at a time. Nothing in it is markup."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from workbench.gui.look.look import Look
from workbench.viewmodels.shared.plain import one_line

_MAX_ROWS = 500
_MAX_CELL = 300
_SHOWN_ROWS = 9


class RowsTable(QTableWidget):
    """Tells which row was chosen; Alt+Up and Alt+Down wish to move it, Delete to take it away."""

    chosen = Signal(int)
    move_asked = Signal(int)
    remove_asked = Signal()

    def __init__(self, name: str, columns: Sequence[str], look: Look, *, wide: int) -> None:
        """`wide` is the column that takes the room that is left."""
        super().__init__(0, len(columns))
        self._look = look
        self._is_showing = False
        self.setAccessibleName(name)
        self.setProperty("role", "values")
        self.setHorizontalHeaderLabels(list(columns))
        self.verticalHeader().setVisible(False)
        for header, which in ((self.horizontalHeader(), "Columns"), (self.verticalHeader(), "Rows")):
            header.setAccessibleName(f"{which} of {name}")
        for corner in self.findChildren(QAbstractButton):
            corner.setAccessibleName(f"Select all {name}")
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place in range(len(columns)):
            fits = QHeaderView.ResizeMode.Stretch if place == wide else QHeaderView.ResizeMode.ResizeToContents
            self.horizontalHeader().setSectionResizeMode(place, fits)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.itemSelectionChanged.connect(self._tell)

    def show_rows(self, rows: Sequence[Sequence[str]], selected: int | None) -> None:
        """Show these rows, one of them selected."""
        self._is_showing = True
        try:
            self.setRowCount(min(len(rows), _MAX_ROWS))
            for place, row in enumerate(rows[:_MAX_ROWS]):
                for column, text in enumerate(row):
                    item = self.item(place, column)
                    if item is None:
                        item = QTableWidgetItem()
                        self.setItem(place, column, item)
                    item.setText(one_line(text, _MAX_CELL))
            if selected is None:
                self.clearSelection()
                self.setCurrentCell(-1, -1)
            else:
                self.setCurrentCell(selected, max(0, self.currentColumn()))
        finally:
            self._is_showing = False
        height = self._look.px(26)
        self.verticalHeader().setDefaultSectionSize(height)
        shown = min(max(1, len(rows)), _SHOWN_ROWS)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + shown * height + 6)

    def _tell(self) -> None:
        if not self._is_showing and self.currentRow() >= 0:
            self.chosen.emit(self.currentRow())

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if is_alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_asked.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
        else:
            super().keyPressEvent(event)
