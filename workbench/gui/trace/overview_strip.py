"""The whole run in a strip above the table: where things happened, and which part the waterfall shows."""

from PySide6.QtCore import QLine, QRect, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.trace.time_axis import TimeAxis
from workbench.viewmodels.trace.trace import TraceViewModel
from workbench.viewmodels.trace.trace_row import RowKind, TraceRow

MARGIN = 10
_HEIGHT = 26
_MOST_ROWS = 400
"""How many rows are enough to show where things happened; of more, only some are drawn."""
_LEAST = 4
_REST_MS = 100
"""Drawing it reads hundreds of rows, so it is drawn less often than they arrive."""
_COLORS: dict[RowKind, str] = {
    "request": "bar_model",
    "call": "bar_tool",
    "approval": "bar_wait",
    "retry": "bar_wait",
    "limit": "error",
}


class OverviewStrip(QWidget):
    """Drag over it to select a range, click outside the range to move it there, double-click for the whole axis.

    The keyboard zooms and pans in the table, so the strip takes no focus.
    """

    def __init__(self, trace: TraceViewModel, look: Look) -> None:
        super().__init__()
        self._trace = trace
        self._look = look
        self._drag: tuple[int, int] | None = None
        self._soon = delay(self, _REST_MS, self.update)
        self.setAccessibleName("Overview of the run")
        self.setToolTip("Drag to zoom in on a range. Double-click to show everything.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def follow(self) -> None:
        """The trace has changed: draw it again soon."""
        if not self._soon.isActive():
            self._soon.start()

    @property
    def _axis(self) -> TimeAxis:
        return TimeAxis(0.0, self._trace.axis_s)

    def _x(self, second: float) -> int:
        return MARGIN + round(self._axis.position(second) * (self.width() - 2 * MARGIN))

    def _second(self, x: int) -> float:
        return self._axis.at((x - MARGIN) / max(1, self.width() - 2 * MARGIN))

    def _shown(self) -> list[TraceRow]:
        """For a long trace, one row from each of many parts: reading all rows would take ever longer."""
        rows = self._trace.all_rows
        size = max(1, len(rows) // _MOST_ROWS)
        parts = (range(begin, min(begin + size, len(rows))) for begin in range(0, len(rows), size))
        found = (next((rows[place] for place in part if rows[place].kind in _COLORS), None) for part in parts)
        return [row for row in found if row is not None]

    def _draw_rows(self, painter: QPainter) -> None:
        rows, axis, now = self._shown(), self._axis, self._trace.now
        lanes = max(1, min(len(rows), (self.height() - 8) // 3))
        width = self.width() - 2 * MARGIN
        lines: dict[str, list[QLine]] = {}
        for place, row in enumerate(rows):
            start, end = (
                MARGIN + round(axis.position(self._trace.figures.work_s(row, moment, now)) * width)
                for moment in (row.started_at, row.end(now))
            )
            y = 5 + place * lanes // len(rows) * 3
            color = "error" if row.state == "error" else _COLORS[row.kind]
            lines.setdefault(color, []).append(QLine(start, y, max(start + 1, end), y))
        for color, drawn in lines.items():
            painter.setPen(QPen(self._look.color(color), 2))
            painter.drawLines(drawn)

    def _draw_window(self, painter: QPainter) -> None:
        window = self._trace.zoom.window
        places = tuple(sorted(self._drag)) if self._drag else tuple(map(self._x, window)) if window else None
        if places is None:
            return
        start, end = places
        shade = QColor(self._look.color("surface"))
        shade.setAlpha(170)
        painter.fillRect(QRect(0, 0, start, self.height()), shade)
        painter.fillRect(QRect(end, 0, self.width() - end, self.height()), shade)
        painter.setPen(self._look.color("accent"))
        painter.drawRect(QRect(start, 1, max(1, end - start), self.height() - 3))

    # overrides of Qt

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(120), self._look.px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface"))
        if self._trace.all_rows:
            self._draw_rows(painter)
            self._draw_window(painter)
        painter.setPen(self._look.color("border"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            x = event.position().toPoint().x()
            self._drag = (x, x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = (self._drag[0], event.position().toPoint().x())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            return
        (start, end), self._drag = sorted(self._drag), None
        zoom, whole = self._trace.zoom, self._trace.axis_s
        if end - start >= _LEAST:
            zoom.select(self._second(start), self._second(end), whole)
        elif zoom.window is not None:  # a click: the range moves there
            half = (zoom.window[1] - zoom.window[0]) / 2
            middle = min(max(self._second(start), half), max(half, whole - half))
            zoom.select(middle - half, middle + half, whole)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        self._trace.zoom.show_whole()
