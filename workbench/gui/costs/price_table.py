"""The price list as a table that is typed into."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from workbench.gui.kit.labels import plain_tip
from workbench.gui.look.look import Look
from workbench.viewmodels.costs.price_form import CELLS, PriceDraft
from workbench.viewmodels.shared.plain import one_line

_MODEL, _SOURCE = 0, 5
_MAX_ROWS = 500
_SHOWN_ROWS = 9


class PriceTable(QTableWidget):
    """Enter, F2 or typing edits a cell; Insert adds, Delete removes, Alt+Up and Alt+Down move, Ctrl+Z undoes."""

    typed = Signal(int, str, str)
    """A row, a cell's name and its new text."""
    add_asked = Signal()
    remove_asked = Signal()
    move_asked = Signal(int)
    undo_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(0, len(CELLS))
        self._look = look
        self._is_showing = False
        self.setAccessibleName("Prices")
        self.setAccessibleDescription(str(self.__doc__))
        self.setProperty("role", "values")
        self.setHorizontalHeaderLabels([heading for _, heading in CELLS])
        self.verticalHeader().setVisible(False)
        self.horizontalHeader().setAccessibleName("Columns of prices")
        self.verticalHeader().setAccessibleName("Rows of prices")
        for corner in self.findChildren(QAbstractButton):
            corner.setAccessibleName("Select all prices")
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place in range(len(CELLS)):
            is_wide = place in (_MODEL, _SOURCE)
            fits = QHeaderView.ResizeMode.Stretch if is_wide else QHeaderView.ResizeMode.ResizeToContents
            self.horizontalHeader().setSectionResizeMode(place, fits)
            heading = self.horizontalHeaderItem(place)
            if heading is not None and 0 < place < _SOURCE:
                heading.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.itemChanged.connect(self._tell)

    def show_rows(self, rows: Sequence[PriceDraft]) -> None:
        """Show these entries; the cell one is in stays."""
        row, column = self.currentRow(), self.currentColumn()
        self._is_showing = True
        try:
            self.setRowCount(min(len(rows), _MAX_ROWS))
            for place, draft in enumerate(rows[:_MAX_ROWS]):
                for number, (name, _) in enumerate(CELLS):
                    self._put(place, number, getattr(draft, name))
            if row >= 0 and rows:
                self.setCurrentCell(min(row, len(rows) - 1), max(0, column))
        finally:
            self._is_showing = False
        self.horizontalHeader().setMinimumSectionSize(self._look.px(64))
        height = self._look.px(28)
        self.verticalHeader().setDefaultSectionSize(height)
        shown = min(max(2, len(rows)), _SHOWN_ROWS)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + shown * height + 6)

    def edit_row(self, place: int) -> None:
        """Begin to type in a row, at the first cell that is empty."""
        for column in range(len(CELLS)):
            item = self.item(place, column)
            if item is not None and not item.text():
                self.setCurrentCell(place, column)
                self.setFocus()
                self.editItem(item)
                return

    def _put(self, place: int, column: int, text: str) -> None:
        item = self.item(place, column)
        if item is None:
            item = QTableWidgetItem()
            self.setItem(place, column, item)
            if 0 < column < _SOURCE:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setText(one_line(text, 300))
        item.setToolTip(plain_tip(one_line(text, 300)))

    def _tell(self, item: QTableWidgetItem) -> None:
        if not self._is_showing:
            self.typed.emit(item.row(), CELLS[item.column()][0], item.text())

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        has_alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if has_alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_asked.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Insert:
            self.add_asked.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.currentItem()
            if item is not None and self.state() != QAbstractItemView.State.EditingState:
                self.editItem(item)
        else:
            super().keyPressEvent(event)
