"""The permissions that hold, each with its Revoke."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.look.look import Look
from workbench.viewmodels.rules.grant_list import GrantList

_COLUMNS = ("Tool", "Arguments", "Holds in", "Runs as", "Given")


class GrantsPanel(QWidget):
    """Shows a `GrantList`. Delete revokes the selected permission."""

    def __init__(self, grants: GrantList, look: Look) -> None:
        super().__init__()
        self._grants = grants
        self.table = RowsTable("Permissions", _COLUMNS, look, wide=1)
        self.table.remove_asked.connect(self._revoke)
        self.table.itemSelectionChanged.connect(self._show_buttons)
        self.empty = label("None. Grant one with “Only this call ▾” next to Approve.", "hint", wraps=True)
        self.revoke = action_button("Revoke  Del", "Revoke the selected permission", self._revoke)
        self.revoke_all = action_button("Revoke all", "Revoke all permissions", grants.revoke_all)
        self.message = label("", "hint", wraps=True)
        self._buttons, row = flow_row()
        row.addWidget(self.revoke)
        row.addWidget(self.revoke_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.empty, self.table, self._buttons, self.message):
            column.addWidget(widget)
        self._refresh()
        listen(self, grants.changed, self._refresh)
        self.destroyed.connect(lambda *_: grants.close())

    def _revoke(self) -> None:
        place = self.table.currentRow()
        if 0 <= place < len(self._grants.lines):
            self._grants.revoke(self._grants.lines[place].grant_id)

    def _refresh(self) -> None:
        lines = self._grants.lines
        place = self.table.currentRow()
        rows = [(line.tool, line.arguments, line.scope, line.runs_as, line.given) for line in lines]
        self.table.show_rows(rows, min(place, len(lines) - 1) if lines and place >= 0 else None)
        self.table.setVisible(bool(lines))
        self._buttons.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        self.message.setText(self._grants.message)
        self.message.setVisible(bool(self._grants.message))
        self._show_buttons()

    def _show_buttons(self) -> None:
        self.revoke.setEnabled(0 <= self.table.currentRow() < len(self._grants.lines))
