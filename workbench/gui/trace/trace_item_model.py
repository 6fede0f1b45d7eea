"""The trace's rows for Qt's item views."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from workbench.gui.kit.labels import plain_tip
from workbench.gui.kit.listening import listen
from workbench.gui.kit.look_delegate import Index
from workbench.viewmodels.trace.trace import TraceViewModel
from workbench.viewmodels.trace.trace_column import COLUMNS, PLACES, cell_text, cell_tip
from workbench.viewmodels.trace.trace_row import TraceRow

SPAN, WATERFALL = PLACES["span"], PLACES["waterfall"]
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class TraceItemModel(QAbstractTableModel):
    """Reads a `TraceViewModel`; the waterfall column has text as well, which is what a screen reader reads."""

    def __init__(self, trace: TraceViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trace = trace
        listen(self, trace.about_to_insert, lambda first, last: self.beginInsertRows(_NOWHERE, first, last))
        listen(self, trace.inserted, self.endInsertRows)
        listen(self, trace.about_to_reset, self.beginResetModel)
        listen(self, trace.reset, self.endResetModel)
        listen(self, trace.changed, self._on_changed)

    def row(self, index: Index) -> TraceRow:
        """The row at a valid index."""
        return self._trace.rows[index.row()]

    def index_of(self, row: TraceRow) -> QModelIndex:
        """The first cell of a row, or an invalid index when it is not shown."""
        place = self._trace.place_of(row)
        return QModelIndex() if place is None else self.index(place, SPAN)

    def _on_changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

    # overrides of Qt

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._trace.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.row(index), COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.UserRole:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return cell_text(self._trace, row, column.name)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(cell_tip(self._trace, row, column.name))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.kind}: {cell_text(self._trace, row, column.name)}"
            case Qt.ItemDataRole.TextAlignmentRole if column.is_figure:
                return _RIGHT
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.heading
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(column.about)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column.is_figure else _LEFT
            case _:
                return None
