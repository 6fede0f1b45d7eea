"""The cases of a suite as a table that is typed into."""

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

    def _write(self, rows: list[tuple[str, ...]]) -> None:
        super()._write(rows)
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                item = self.item(place, column)
                if item is not None:
                    can_edit = item.text() == text
                    flags = item.flags()
                    edit = Qt.ItemFlag.ItemIsEditable
                    item.setFlags(flags | edit if can_edit else flags & ~edit)

    def _tell_typed(self, item: QTableWidgetItem) -> None:
        if not self._is_showing:
            self._known = None  # where the text is refused, the cell is written again
            self.typed.emit(item.row(), CASE_COLUMNS[item.column()], item.text())
