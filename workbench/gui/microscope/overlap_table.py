"""The map of overlaps as a table: figures in every cell, tints by strength, columns numbered like the rows."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QHeaderView, QTableView

from workbench.gui.kit.labels import plain_tip
from workbench.gui.kit.look_delegate import Index
from workbench.gui.look.look import Look
from workbench.viewmodels.microscope.overlaps import REQUEST, Overlaps
from workbench.viewmodels.shared.plain import one_line

_NOWHERE = QModelIndex()
_CELL, _ROW = 60, 26
_MOST_ROWS = 18
_FIRST = "request"


class OverlapModel(QAbstractTableModel):
    """Rows are tools, the first column is the request, then the tools again."""

    def __init__(self, overlaps: Overlaps, look: Look) -> None:
        super().__init__()
        self._overlaps = overlaps
        self._look = look
        self._names: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The tools in the order of the rows."""
        return self._names

    def pair(self, index: Index) -> tuple[str, str]:
        """What a cell is about."""
        return self._names[index.row()], (REQUEST, *self._names)[index.column()]

    def refresh(self) -> None:
        """The map is another one, or the colors are."""
        self.beginResetModel()
        self._names = self._overlaps.names
        self.endResetModel()

    # overrides of Qt

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or not self._names else len(self._names) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.pair(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return "–" if row == column else self._overlaps.text(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._overlaps.spoken(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self._overlaps.spoken(row, column))
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignCenter
            case Qt.ItemDataRole.BackgroundRole:
                level = self._overlaps.level(row, column)
                return self._look.color(f"heat_more_{level}") if level else None
            case Qt.ItemDataRole.ForegroundRole:
                return self._look.color("text" if self._overlaps.level(row, column) else "muted")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_row = orientation == Qt.Orientation.Vertical
        name = (self._names if is_row else (REQUEST, *self._names))[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{section + 1}  {one_line(name, 32)}" if is_row else (str(section) if section else _FIRST)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return one_line(name, 64)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(name)
        return None


class OverlapTable(QTableView):
    """Enter, or a double click, opens a cell; Ctrl+C copies the whole table."""

    def __init__(self, overlaps: Overlaps, look: Look, opened: Callable[[str, str], object]) -> None:
        super().__init__()
        self._overlaps = overlaps
        self._look = look
        self._opened = opened
        self.cells = OverlapModel(overlaps, look)
        self.setModel(self.cells)
        self.setAccessibleName("Overlap between the request and the descriptions")
        self.setProperty("role", "values")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        for header, which in ((self.horizontalHeader(), "Columns"), (self.verticalHeader(), "Rows")):
            header.setAccessibleName(f"{which} of the overlap map")
            header.setHighlightSections(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        for corner in self.findChildren(QAbstractButton):
            corner.setAccessibleName("Select all overlaps")
        self.doubleClicked.connect(self._open)
        look.follow(self, self.refresh)

    def refresh(self) -> None:
        """Show the map as it is now; the cell that was current stays."""
        current = self.currentIndex()
        self.cells.refresh()
        self.horizontalHeader().setDefaultSectionSize(self._look.px(_CELL))
        self.verticalHeader().setDefaultSectionSize(self._look.px(_ROW))
        if self.cells.columnCount():
            self.setColumnWidth(0, self._look.px(_CELL + 20))
        rows = min(max(1, len(self.cells.names)), _MOST_ROWS)
        bar = self.horizontalScrollBar().sizeHint().height()
        head = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(head + rows * self._look.px(_ROW) + bar + 6)
        if current.isValid() and current.row() < self.cells.rowCount():
            self.setCurrentIndex(self.cells.index(current.row(), current.column()))

    def copy(self) -> None:
        """The whole table onto the clipboard, with tabs between cells."""
        QGuiApplication.clipboard().setText(self._overlaps.tabbed())

    def _open(self, index: Index) -> None:
        if index.isValid():
            self._opened(*self.cells.pair(index))

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)
