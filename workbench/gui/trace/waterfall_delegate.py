"""The waterfall column: bars on a time axis; time spent waiting for a person is hatched."""

from PySide6.QtCore import QLine, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.gui.kit.look_delegate import Index
from workbench.gui.trace.ink import Ink
from workbench.gui.trace.trace_item_model import ROW_ROLE
from workbench.viewmodels.shared import figures
from workbench.viewmodels.trace.time_axis import TimeAxis
from workbench.viewmodels.trace.trace import TraceViewModel
from workbench.viewmodels.trace.trace_row import TraceRow

MARGIN = 10
_MARK = 12
"""The width of a wait that the axis excludes."""
_PALE = 120
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
    "routing": "bar_model",
}


class WaterfallDelegate(QStyledItemDelegate):
    """Paints one bar, or its busy and its waiting parts. An arrow at the edge marks parts outside the axis."""

    def __init__(self, trace: TraceViewModel, ink: Ink, parent: QWidget) -> None:
        super().__init__(parent)
        self._trace = trace
        self._ink = ink
        self.axis = TimeAxis(0.0, 1.0)

    # overrides of Qt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: TraceRow = index.data(ROW_ROLE)
        painter.save()
        self._ink.paint_ground(painter, option)
        inner = QRectF(option.rect).adjusted(MARGIN, 0, -MARGIN, 0)
        self._draw_grid(painter, inner)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._trace.zoom.window is None or self._is_inside(row):
            self._draw_bar(painter, inner, row)
        else:
            is_later = self._second(row, row.started_at) > self.axis.end_s
            self._draw_arrow(painter, inner, is_later=is_later)
        painter.restore()

    def _is_inside(self, row: TraceRow) -> bool:
        return self.axis.covers(self._second(row, row.started_at), self._second(row, row.end(self._trace.now)))

    def _second(self, row: TraceRow, moment: float) -> float:
        return self._trace.figures.work_s(row, moment, self._trace.now)

    def _draw_grid(self, painter: QPainter, inner: QRectF) -> None:
        painter.setPen(QPen(self._ink.color("border"), 1))
        top, bottom, left, width = round(inner.top()), round(inner.bottom()) + 1, inner.left(), inner.width()
        places = [round(left + place * width) for place, _ in self.axis.ticks()]
        painter.drawLines([QLine(x, top, x, bottom) for x in places])

    def _draw_arrow(self, painter: QPainter, inner: QRectF, *, is_later: bool) -> None:
        painter.setPen(self._ink.color("muted"))
        side = Qt.AlignmentFlag.AlignRight if is_later else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), "›" if is_later else "‹")

    def _draw_bar(self, painter: QPainter, inner: QRectF, row: TraceRow) -> None:
        now = self._trace.now
        color = self._ink.color("error" if row.state == "error" and row.kind != "run" else _TOKENS[row.kind])
        thin = row.kind in ("run", "turn", "round", "first token")
        height = self._ink.px(5 if thin else 10)
        end = row.end(now)
        if row.kind == "approval":
            rect = self._wait_rect(inner, row, row.started_at, end, height)
            self._draw_hatched(painter, rect)
            self._draw_words(painter, inner, rect, f"you · {figures.duration(row.total_ms(now))}")
            return
        bar = self._rect(inner, row, row.started_at, end, height)
        waits = [*row.waits[:-1], (row.waits[-1][0], end)] if row.state == "wait" and row.waits else row.waits
        busy_from = row.started_at
        for start, stop in waits if row.kind == "call" else []:
            if self._is_worth(inner, row, busy_from, start):
                self._draw_solid(painter, self._rect(inner, row, busy_from, start, height), color)
            self._draw_hatched(painter, self._wait_rect(inner, row, start, min(stop, end), height))
            busy_from = stop
        if row.kind == "request" and row.first_ms is not None and row.state != "error":
            self._draw_phases(painter, inner, row, bar)
        elif busy_from == row.started_at:
            self._draw_solid(painter, bar, color)
        elif self._is_worth(inner, row, busy_from, end):
            self._draw_solid(painter, self._rect(inner, row, busy_from, end, height), color)

    def _draw_phases(self, painter: QPainter, inner: QRectF, row: TraceRow, bar: QRectF) -> None:
        """Waiting for the first token is paler than the stream that follows it."""
        first = row.started_at + (row.first_ms or 0.0) / 1000
        split = inner.left() + self.axis.position(self._second(row, first)) * inner.width()
        self._draw_solid(painter, bar, self._ink.color(_TOKENS[row.kind], _PALE))
        if bar.right() - split >= 1:
            stream = QRectF(bar)
            stream.setLeft(max(bar.left(), split))
            self._draw_solid(painter, stream, self._ink.color(_TOKENS[row.kind]))

    def _is_worth(self, inner: QRectF, row: TraceRow, start: float, end: float) -> bool:
        """Work before or after a wait is drawn when it is wide enough to stand out from its edge."""
        width = self.axis.position(self._second(row, end)) - self.axis.position(self._second(row, start))
        return width * inner.width() >= 1.5

    def _rect(self, inner: QRectF, row: TraceRow, start: float, end: float, height: float) -> QRectF:
        left = inner.left() + self.axis.position(self._second(row, start)) * inner.width()
        right = inner.left() + self.axis.position(self._second(row, end)) * inner.width()
        width = max(3.0, right - left)
        left = min(left, inner.right() - width)
        return QRectF(left, inner.center().y() - height / 2, width, height)

    def _wait_rect(self, inner: QRectF, row: TraceRow, start: float, end: float, height: float) -> QRectF:
        """If the axis excludes waiting, a mark that ends where the work continues."""
        rect = self._rect(inner, row, start, end, height)
        if self._trace.figures.leaves_out_waiting:
            rect.moveRight(max(rect.left(), inner.left() + rect.width()))
        least = self._ink.px(_MARK)
        if rect.width() >= least:
            return rect
        return QRectF(max(inner.left(), rect.right() - least), rect.top(), least, height)

    def _draw_words(self, painter: QPainter, inner: QRectF, bar: QRectF, words: str) -> None:
        """Draw beside a bar, on the side that has room."""
        width = painter.fontMetrics().horizontalAdvance(words)
        gap = self._ink.px(6)
        painter.setPen(self._ink.color("muted"))
        for left in (bar.right() + gap, bar.left() - gap - width):
            if left >= inner.left() and left + width <= inner.right():
                painter.drawText(
                    QRectF(left, inner.top(), width + 1, inner.height()), int(Qt.AlignmentFlag.AlignVCenter), words
                )
                return

    def _draw_solid(self, painter: QPainter, rect: QRectF, color: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        radius = min(2.5, rect.width() / 2)
        painter.drawRoundedRect(rect, radius, radius)

    def _draw_hatched(self, painter: QPainter, rect: QRectF) -> None:
        color = self._ink.color("bar_wait")
        painter.setPen(QPen(color, 1))
        painter.setBrush(QBrush(color, Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5)
