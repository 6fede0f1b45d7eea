"""The table of commands and keys."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from workbench.gui.frame.actions import native_keys
from workbench.gui.kit.labels import plain_tip
from workbench.gui.kit.rows_table import lay_out_rows
from workbench.gui.look.look import Look
from workbench.viewmodels.shortcuts.shortcuts import ShortcutRow

_COLUMNS = ("Command", "Keys", "Default")
_SHOWN_ROWS = 11
_NAME_ROLE = int(Qt.ItemDataRole.UserRole)


class KeysTable(QTableWidget):
    """One row per command; Enter or a double click asks to change its keys."""

    chosen = Signal(str)
    change_asked = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(0, len(_COLUMNS))
        self._look = look
        self._is_showing = False
        lay_out_rows(self, "Commands and keys", _COLUMNS, wide=0)
        self.horizontalHeader().setMinimumSectionSize(look.px(90))
        self.itemSelectionChanged.connect(self._tell)
        self.itemDoubleClicked.connect(lambda item: self.change_asked.emit(self._name_at(item.row())))

    def show_rows(self, rows: Sequence[ShortcutRow], chosen: str) -> None:
        """Show these rows, one of them selected."""
        self._is_showing = True
        try:
            self.setRowCount(len(rows))
            for place, row in enumerate(rows):
                self._show_row(place, row)
                if row.name == chosen and self.currentRow() != place:
                    self.setCurrentCell(place, 0)
        finally:
            self._is_showing = False
        height = self._look.px(26)
        self.verticalHeader().setDefaultSectionSize(height)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + _SHOWN_ROWS * height + 6)

    def _show_row(self, place: int, row: ShortcutRow) -> None:
        keys = _shown(row.keys)
        texts = (row.text, f"⚠ {keys}" if row.clashes else keys, _shown(row.default[:1]))
        for column, text in enumerate(texts):
            item = self.item(place, column)
            if item is None:
                item = QTableWidgetItem()
                self.setItem(place, column, item)
            item.setText(text)
            item.setData(_NAME_ROLE, row.name)
            item.setForeground(self._look.color(_token(column, row)))
            item.setToolTip(plain_tip(_tip(row)))
            font = QFont()  # the rest is the table's, even after a zoom
            font.setBold(column == 1 and row.is_changed)
            item.setFont(font)

    def _name_at(self, place: int) -> str:
        item = self.item(place, 0)
        return str(item.data(_NAME_ROLE)) if item is not None else ""

    def _tell(self) -> None:
        if not self._is_showing and self.currentRow() >= 0:
            self.chosen.emit(self._name_at(self.currentRow()))

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and self.currentRow() >= 0:
            self.change_asked.emit(self._name_at(self.currentRow()))
            return
        super().keyPressEvent(event)


def _shown(keys: tuple[str, ...]) -> str:
    return "   ".join(map(native_keys, keys)) or "—"


def _token(column: int, row: ShortcutRow) -> str:
    if column == 1 and row.clashes:
        return "warn"
    return "text" if column < 2 else "muted"


def _tip(row: ShortcutRow) -> str:
    clash = f"\nIts keys are also assigned to {', '.join(row.clashes)}." if row.clashes else ""
    return f"{row.group}: {row.text}\nDefault: {_shown(row.default)}{clash}"
