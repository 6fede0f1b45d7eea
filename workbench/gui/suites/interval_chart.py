"""How much of a suite each arm got right, with 95 % intervals, on one axis from 0 to 100 %."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.core.suite.results import ArmTotal
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look

_ROW, _AXIS, _NAMES, _EDGE = 26, 20, 0.3, 22
_TICKS = (0, 25, 50, 75, 100)


class IntervalChart(QWidget):
    """One row an arm: a dot where its share is, a line over its interval."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._totals: tuple[tuple[str, ArmTotal], ...] = ()
        self.setAccessibleName("Share of right cases by arm")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        listen(self, look.changed, self.updateGeometry)

    def show_totals(self, totals: Sequence[tuple[str, ArmTotal]]) -> None:
        """Draw these arms, each with what it is called."""
        self._totals = tuple((title, total) for title, total in totals if total.right is not None)
        said = [f"{title}: {total.right:.0%} right" for title, total in self._totals]
        self.setAccessibleDescription(", ".join(said))
        self.setVisible(bool(self._totals))
        self.updateGeometry()
        self.update()

    # overrides of Qt

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(300), self._look.px(_ROW * len(self._totals) + _AXIS))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(180), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row, edge = self._look.px(_ROW), self._look.px(_EDGE)
        names = round(self.width() * _NAMES)
        plot = QRectF(names + edge, 0, self.width() - names - 2 * edge, row * len(self._totals))
        self._draw_axis(painter, plot)
        for place, (title, total) in enumerate(self._totals):
            painter.setPen(self._look.color("text"))
            text = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, names - edge)
            painter.drawText(QRect(0, place * row, names - edge, row), int(Qt.AlignmentFlag.AlignVCenter), text)
            self._draw_arm(painter, plot, total, (place + 0.5) * row)
        painter.end()

    def _draw_axis(self, painter: QPainter, plot: QRectF) -> None:
        painter.setFont(self._look.font(0.86))
        for tick in _TICKS:
            x = plot.left() + plot.width() * tick / 100
            painter.setPen(self._look.color("border"))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            painter.setPen(self._look.color("muted"))
            room = QRectF(x - 30, plot.bottom(), 60, self._look.px(_AXIS))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter), f"{tick} %")
        painter.setFont(self._look.font())

    def _draw_arm(self, painter: QPainter, plot: QRectF, total: ArmTotal, y: float) -> None:
        assert total.right is not None
        low, middle, high = (
            plot.left() + plot.width() * share for share in (total.interval.low, total.right, total.interval.high)
        )
        color = self._look.color("accent")
        painter.setPen(QPen(color, self._look.px(2)))
        painter.drawLine(QPointF(low, y), QPointF(high, y))
        for end in (low, high):
            painter.drawLine(QPointF(end, y - 4), QPointF(end, y + 4))
        painter.setBrush(color)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QPointF(middle, y), self._look.px(4), self._look.px(4))
