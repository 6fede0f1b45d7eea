"""Figures with their 95 % intervals, a row each on one axis: shares from 0 to 100 %, or changes around zero."""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.look.look import Look
from workbench.viewmodels.suites.suite_charts import ChartRow

_ROW, _AXIS, _NAMES, _EDGE = 26, 20, 0.3, 22
_LEAST_REACH = 0.1
"""An axis of changes goes at least so far to both sides."""


class IntervalChart(QWidget):
    """`name` is what it shows, spoken."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._look = look
        self._marks: tuple[ChartRow, ...] = ()
        self._low, self._high, self._margin = 0.0, 1.0, 0.0
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.follow(self, self.updateGeometry)

    def show_shares(self, marks: Sequence[ChartRow]) -> None:
        """Draw shares, from 0 to 100 %."""
        self._show(marks, 0.0, 1.0, 0.0)

    def show_changes(self, marks: Sequence[ChartRow], margin: float) -> None:
        """Draw changes to both sides of zero; within `margin`, which is shaded, nothing has changed."""
        ends = [abs(end) for mark in marks for end in (mark.interval.low, mark.interval.high)]
        reach = max(_LEAST_REACH, ceil(max(ends, default=0.0) * 10) / 10)
        self._show(marks, -reach, reach, margin)

    def _show(self, marks: Sequence[ChartRow], low: float, high: float, margin: float) -> None:
        self._marks, self._low, self._high, self._margin = tuple(marks), low, high, margin
        said = [f"{mark.title}: {self._words(mark.value)}" for mark in marks]
        self.setAccessibleDescription(", ".join(said))
        self.setVisible(bool(marks))
        self.updateGeometry()
        self.update()

    def _words(self, value: float) -> str:
        return f"{value:+.0%}" if self._low < 0 else f"{value:.0%}"

    def _x(self, plot: QRectF, value: float) -> float:
        share = (min(max(value, self._low), self._high) - self._low) / (self._high - self._low)
        return plot.left() + plot.width() * share

    # overrides of Qt

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(300), self._look.px(_ROW * len(self._marks) + _AXIS))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(180), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row, edge = self._look.px(_ROW), self._look.px(_EDGE)
        names = round(self.width() * _NAMES)
        plot = QRectF(names + edge, 0, self.width() - names - 2 * edge, row * len(self._marks))
        self._draw_axis(painter, plot)
        for place, mark in enumerate(self._marks):
            painter.setPen(self._look.color("text"))
            text = painter.fontMetrics().elidedText(mark.title, Qt.TextElideMode.ElideRight, names - edge)
            painter.drawText(QRect(0, place * row, names - edge, row), int(Qt.AlignmentFlag.AlignVCenter), text)
            self._draw_mark(painter, plot, mark, (place + 0.5) * row)
        painter.end()

    def _draw_axis(self, painter: QPainter, plot: QRectF) -> None:
        painter.setFont(self._look.font(0.86))
        if self._margin:
            left, right = self._x(plot, -self._margin), self._x(plot, self._margin)
            painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), self._look.color("hover"))
        for step in range(5):
            tick = self._low + (self._high - self._low) * step / 4
            x = self._x(plot, tick)
            painter.setPen(self._look.color("muted" if self._low < 0 and step == 2 else "border"))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            painter.setPen(self._look.color("muted"))
            room = QRectF(x - 40, plot.bottom(), 80, self._look.px(_AXIS))
            words = "0" if self._low < 0 and step == 2 else self._words(tick)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter), words)
        painter.setFont(self._look.font())

    def _draw_mark(self, painter: QPainter, plot: QRectF, mark: ChartRow, y: float) -> None:
        low, middle, high = (self._x(plot, value) for value in (mark.interval.low, mark.value, mark.interval.high))
        color = self._look.color("accent" if mark.tone == "plain" else mark.tone)
        painter.setPen(QPen(color, self._look.px(2)))
        painter.drawLine(QPointF(low, y), QPointF(high, y))
        for end in (low, high):
            painter.drawLine(QPointF(end, y - 4), QPointF(end, y + 4))
        painter.setBrush(color)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QPointF(middle, y), self._look.px(4), self._look.px(4))
