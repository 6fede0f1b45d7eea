"""A plain table of texts, one row selected at a time. Nothing in it is markup."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from workbench.gui.kit.labels import plain_tip
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.plain import one_line

MAX_ROWS = 500
_MAX_CELL = 300
_SHOWN_ROWS = 9
_MOST_SHARE = 0.28
_MOST_OF_ALL = 0.56
"""The most of the width that one column, and all of them, may take in a table that fills its room."""
_LEAST_WIDE = 140


def lay_out_rows(table: QTableWidget, name: str, columns: Sequence[str], *, wide: int) -> None:
    """Rows for reading, one selected at a time; `wide` is the column that takes the remaining width."""
    table.setAccessibleName(name)
    table.setProperty("role", "values")
    table.setHorizontalHeaderLabels(list(columns))
    table.verticalHeader().setVisible(False)
    for header, which in ((table.horizontalHeader(), "Columns"), (table.verticalHeader(), "Rows")):
        header.setAccessibleName(f"{which} of {name}")
    for corner in table.findChildren(QAbstractButton):
        corner.setAccessibleName(f"Select all {name}")
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for place in range(len(columns)):
        fits = QHeaderView.ResizeMode.Stretch if place == wide else QHeaderView.ResizeMode.ResizeToContents
        table.horizontalHeader().setSectionResizeMode(place, fits)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)


class RowsTable(QTableWidget):
    """Emits which row was chosen; Alt+Up and Alt+Down ask to move it, Delete asks to remove it."""

    chosen = Signal(int)
    move_asked = Signal(int)
    remove_asked = Signal()

    def __init__(
        self,
        name: str,
        columns: Sequence[str],
        look: Look,
        *,
        wide: int,
        fills: bool = False,
        lines: int = 0,
    ) -> None:
        """`wide` is the column that takes the remaining width. A table that `fills` takes all available height and
        leaves room for its wide column; tool tips show what is cut off. Any other is as high as `lines` rows, or as
        the rows it has."""
        super().__init__(0, len(columns))
        self._look = look
        self._wide = wide
        self._fills = fills
        self._lines = lines
        self._is_showing = False
        self._known: list[tuple[str, ...]] | None = None
        """The cells' texts; None when uncertain."""
        lay_out_rows(self, name, columns, wide=wide)
        self.itemSelectionChanged.connect(self._tell)
        look.follow(self, self._fit)

    def show_rows(self, rows: Sequence[Sequence[str]], selected: int | None) -> None:
        """Show these rows, one of them selected."""
        shown = [tuple(row) for row in rows[:MAX_ROWS]]
        self._is_showing = True
        try:
            if shown != self._known:  # filling thousands of cells takes longer than a frame
                self._write(shown)
                self._known = shown
                self._fit()
            if selected is None:
                self.clearSelection()
                self.setCurrentCell(-1, -1)
            else:
                self.setCurrentCell(selected, max(0, self.currentColumn()))
        finally:
            self._is_showing = False

    def _write(self, rows: list[tuple[str, ...]]) -> None:
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                item = self.item(place, column)
                if item is None:
                    item = QTableWidgetItem()
                    self.setItem(place, column, item)
                item.setText(one_line(text, _MAX_CELL))
                if self._fills:
                    item.setToolTip(plain_tip(text))

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._look.px(26))
        if self._fills:
            self._share_room()
            return
        self._keep_wide()
        self._fit_height()

    def _keep_wide(self) -> None:
        """The wide column keeps what its texts need, up to a limit; a scroll bar reaches the rest."""
        header = self.horizontalHeader()
        others = sum(header.sectionSize(place) for place in range(self.columnCount()) if place != self._wide)
        least = min(self._look.px(_LEAST_WIDE), max(self.sizeHintForColumn(self._wide), 1))
        is_tight = self.viewport().width() - others < least
        fits = QHeaderView.ResizeMode.Interactive if is_tight else QHeaderView.ResizeMode.Stretch
        header.setSectionResizeMode(self._wide, fits)
        if is_tight:
            self.setColumnWidth(self._wide, least)

    def _fit_height(self) -> None:
        """Make it as high as its rows; a horizontal scroll bar must not hide any of them."""
        header = self.horizontalHeader()
        shown = self._lines or min(max(1, self.rowCount()), _SHOWN_ROWS)
        bar = self.horizontalScrollBar().sizeHint().height() if header.length() > self.viewport().width() else 0
        self.setFixedHeight(header.sizeHint().height() + shown * self._look.px(26) + bar + 6)

    def _share_room(self) -> None:
        share = min(_MOST_SHARE, _MOST_OF_ALL / max(1, self.columnCount() - 1))
        most = round(self.viewport().width() * share)
        for column in range(self.columnCount()):
            if column != self._wide:
                self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
                wanted = max(self.sizeHintForColumn(column), self.horizontalHeader().sectionSizeHint(column))
                self.setColumnWidth(column, min(wanted, most))

    def _tell(self) -> None:
        if not self._is_showing and self.currentRow() >= 0:
            self.chosen.emit(self.currentRow())

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if is_alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_asked.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
        else:
            super().keyPressEvent(event)
