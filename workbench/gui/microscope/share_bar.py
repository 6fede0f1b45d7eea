"""A share with its interval as a picture: a bar, and over it a line from one end of the interval to the other.

The words beside it always say the same. An interval without width is not painted: an exact share is only a bar.
"""

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.core.interval import Interval
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.tone import Tone

_FILLS: dict[Tone, str] = {"ok": "ok", "error": "error", "warn": "warn", "wait": "warn"}


def paint_share(painter: QPainter, rect: QRectF, share: float, interval: Interval, look: Look, tone: Tone) -> None:
    """Paint into `rect`; its whole width is 100 %."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius = rect.height() / 4
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color("hover"))
    painter.drawRoundedRect(rect, radius, radius)
    fill = QRectF(rect)
    fill.setWidth(max(rect.width() * min(1.0, share), 2.0 if share > 0 else 0.0))
    painter.setBrush(look.color(_FILLS.get(tone, "accent")))
    painter.setOpacity(0.75)
    painter.drawRoundedRect(fill, min(radius, fill.width() / 2), radius)
    painter.setOpacity(1.0)
    if interval.low < interval.high:
        _paint_interval(painter, rect, interval, look)
    painter.restore()


def _paint_interval(painter: QPainter, rect: QRectF, interval: Interval, look: Look) -> None:
    middle = rect.center().y()
    left, right = (rect.left() + rect.width() * end for end in (interval.low, interval.high))
    end = rect.height() * 0.32
    painter.setPen(QPen(look.color("surface"), 4.0))
    painter.drawLine(QLineF(left, middle, right, middle))
    painter.setPen(QPen(look.color("text"), 1.6))
    painter.drawLine(QLineF(left, middle, right, middle))
    for x in (left, right):
        painter.drawLine(QLineF(x, middle - end, x, middle + end))


class ShareBar(QWidget):
    """One bar. What it shows is its accessible name."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._share = 0.0
        self._interval = Interval(0.0, 1.0)
        self._tone: Tone = "plain"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float, interval: Interval, tone: Tone, words: str) -> None:
        """Show another share."""
        if (share, interval, tone) != (self._share, self._interval, self._tone) or self.accessibleName() != words:
            self._share, self._interval, self._tone = share, interval, tone
            self.setAccessibleName(words)
            self.setToolTip(words)
            self.update()

    # overrides of Qt

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(160), self._look.px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_share(
            painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), self._share, self._interval, self._look, self._tone
        )
        painter.end()
