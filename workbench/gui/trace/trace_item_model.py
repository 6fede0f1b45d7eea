"""The trace's rows for Qt's item views."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from workbench.gui.labels import plain_tip
from workbench.gui.listening import listen
from workbench.viewmodels import figures
from workbench.viewmodels.trace import TraceViewModel
from workbench.viewmodels.trace_row import TraceRow

SPAN, WATERFALL, DURATION, TOKENS = range(4)
_HEADERS = ("Span", "Waterfall", "Time", "Tokens")
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


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
        self.dataChanged.emit(self.index(first, 0), self.index(last, TOKENS))

    def _text(self, row: TraceRow, column: int) -> str:
        now = self._trace.now
        match column:
            case 0:
                return row.text
            case 1:
                start = figures.duration((row.started_at - row.run_at) * 1000)
                return f"{row.status}, {figures.duration(row.total_ms(now))}, starts at {start}"
            case 2:
                return time_text(row, now)
            case _:
                return f"{row.tokens:,}" if row.tokens else ""

    # overrides of Qt

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._trace.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(_HEADERS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.row(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(f"{row.text}\n{row.status} · {self._text(row, WATERFALL)}")
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.kind}: {self._text(row, index.column())}"
            case Qt.ItemDataRole.TextAlignmentRole if index.column() >= DURATION:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.UserRole:
                return row
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(_HEADERS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADERS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section >= DURATION else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


def time_text(row: TraceRow, now: float) -> str:
    """The time that was work; waiting for a person is named apart."""
    if row.kind == "call" and row.state == "wait":
        return "waiting"
    if row.kind == "approval":
        return f"{figures.duration(row.total_ms(now))} you"
    return figures.duration(max(0.0, row.total_ms(now) - row.waited_ms(now)))
