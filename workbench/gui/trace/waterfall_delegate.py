"""The waterfall column: bars on a log time axis; the time a person was waited for is hatched."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.gui.look import Look
from workbench.gui.trace.cell_ground import paint_ground
from workbench.gui.trace.trace_item_model import ROW_ROLE
from workbench.viewmodels.time_axis import TimeAxis
from workbench.viewmodels.trace import TraceViewModel
from workbench.viewmodels.trace_row import TraceRow

MARGIN = 10
_TOKENS = {
    "run": "bar_group",
    "turn": "bar_group",
    "round": "bar_group",
    "request": "bar_model",
    "first token": "bar_model",
    "call": "bar_tool",
    "approval": "bar_wait",
    "retry": "bar_wait",
    "limit": "error",
}


class WaterfallDelegate(QStyledItemDelegate):
    """Paints one bar, or its busy and its waiting stretches."""

    def __init__(self, trace: TraceViewModel, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._trace = trace
        self._look = look
        self.axis = TimeAxis(0.0, 1.0)

    # overrides of Qt

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: TraceRow = index.data(ROW_ROLE)
        painter.save()
        paint_ground(painter, option, self._look)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = QRectF(option.rect).adjusted(MARGIN, 0, -MARGIN, 0)
        self._draw_grid(painter, inner)
        self._draw_bar(painter, inner, row)
        painter.restore()

    def _draw_grid(self, painter: QPainter, inner: QRectF) -> None:
        painter.setPen(QPen(self._look.color("border"), 1))
        for place, _ in self.axis.ticks():
            x = round(inner.left() + place * inner.width()) + 0.5
            painter.drawLine(round(x), round(inner.top()), round(x), round(inner.bottom()) + 1)

    def _draw_bar(self, painter: QPainter, inner: QRectF, row: TraceRow) -> None:
        now = self._trace.now
        color = self._look.color("error" if row.state == "error" and row.kind != "run" else _TOKENS[row.kind])
        thin = row.kind in ("run", "turn", "round", "first token")
        height = self._look.px(5 if thin else 10)
        end = row.end(now)
        if row.kind == "approval":
            self._draw_hatched(painter, self._rect(inner, row, row.started_at, end, height))
            return
        bar = self._rect(inner, row, row.started_at, end, height)
        waits = [*row.waits[:-1], (row.waits[-1][0], end)] if row.state == "wait" and row.waits else row.waits
        busy_from = row.started_at
        for start, stop in waits if row.kind == "call" else []:
            if self._is_worth(inner, row, busy_from, start):
                self._draw_solid(painter, self._rect(inner, row, busy_from, start, height), color)
            self._draw_hatched(painter, self._rect(inner, row, start, min(stop, end), height))
            busy_from = stop
        if busy_from == row.started_at:
            self._draw_solid(painter, bar, color)
        elif self._is_worth(inner, row, busy_from, end):
            self._draw_solid(painter, self._rect(inner, row, busy_from, end, height), color)

    def _is_worth(self, inner: QRectF, row: TraceRow, start: float, end: float) -> bool:
        """Work before or after a wait is drawn when it is wide enough to be told from its edge."""
        width = self.axis.position(end - row.run_at) - self.axis.position(start - row.run_at)
        return width * inner.width() >= 1.5

    def _rect(self, inner: QRectF, row: TraceRow, start: float, end: float, height: float) -> QRectF:
        left = inner.left() + self.axis.position(start - row.run_at) * inner.width()
        right = inner.left() + self.axis.position(end - row.run_at) * inner.width()
        width = max(3.0, right - left)
        left = min(left, inner.right() - width)
        return QRectF(left, inner.center().y() - height / 2, width, height)

    def _draw_solid(self, painter: QPainter, rect: QRectF, color: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        radius = min(2.5, rect.width() / 2)
        painter.drawRoundedRect(rect, radius, radius)

    def _draw_hatched(self, painter: QPainter, rect: QRectF) -> None:
        color = self._look.color("bar_wait")
        painter.setPen(QPen(color, 1))
        painter.setBrush(QBrush(color, Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5)
