"""The cases of a suite as a table that is typed into."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QTableWidgetItem

from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.look.look import Look
from workbench.viewmodels.suites.case_cells import CASE_COLUMNS, REQUEST


class CasesTable(RowsTable):
    """F2 or a double click edits a cell. A text that is too long for a line is not edited here: the form has it."""

    typed = Signal(int, str, str)
    """A row, its column and the new text."""

    def __init__(self, look: Look) -> None:
        super().__init__("Cases", CASE_COLUMNS, look, wide=REQUEST, fills=True)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed | triggers.DoubleClicked)
        self.setAccessibleDescription(str(self.__doc__))
        self.itemChanged.connect(self._tell_typed)

    def show_rows(self, rows: Sequence[Sequence[str]], selected: int | None) -> None:
        """Show these rows, one of them selected."""
        super().show_rows(rows, selected)
        self._is_showing = True
        for place in range(self.rowCount()):
            for column, text in enumerate(rows[place]):
                item = self.item(place, column)
                if item is not None:
                    can_edit = item.text() == text
                    flags = item.flags()
                    edit = Qt.ItemFlag.ItemIsEditable
                    item.setFlags(flags | edit if can_edit else flags & ~edit)
        self._is_showing = False

    def _tell_typed(self, item: QTableWidgetItem) -> None:
        if not self._is_showing:
            self.typed.emit(item.row(), CASE_COLUMNS[item.column()], item.text())
