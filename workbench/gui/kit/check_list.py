"""A list of checkboxes; Space or a click changes one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from workbench.gui.kit.labels import plain_tip
from workbench.viewmodels.shared.plain import one_line

_KEY = Qt.ItemDataRole.UserRole


class CheckList(QListWidget):
    """Emits the row that the person checked or cleared."""

    checked = Signal(str, bool)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("role", "list")
        self.setAccessibleName(name)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemChanged.connect(
            lambda item: self.checked.emit(item.data(_KEY), item.checkState() == Qt.CheckState.Checked)
        )

    def show_rows(self, rows: Sequence[tuple[str, str, bool]]) -> None:
        """Show these (key, words, is ticked); the current row stays where the rows are the same."""
        self.blockSignals(True)
        if [self.item(place).data(_KEY) for place in range(self.count())] != [key for key, _, _ in rows]:
            self.clear()
            for key, _, _ in rows:
                item = QListWidgetItem()
                item.setData(_KEY, key)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                self.addItem(item)
        for place, (_, words, is_ticked) in enumerate(rows):
            item = self.item(place)
            item.setText(one_line(words, 120))
            item.setToolTip(plain_tip(words))
            item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
        self.blockSignals(False)
        self.viewport().update()
