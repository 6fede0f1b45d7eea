"""The header of the trace; over the waterfall it shows the time axis, and a range of it can be selected by dragging."""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from workbench.gui.look.look import Look
from workbench.gui.trace.trace_item_model import WATERFALL
from workbench.gui.trace.waterfall_delegate import MARGIN, WaterfallDelegate

_EDGE = 5
_LEAST = 4


class WaterfallHeader(QHeaderView):
    """Paints tick labels where there is room for them."""

    range_chosen = Signal(float, float)
    """From and to, as places between 0 and 1 on the axis that is shown."""
    whole_asked = Signal()
    columns_asked = Signal(QPoint)

    def __init__(self, waterfall: WaterfallDelegate, look: Look, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._waterfall = waterfall
        self._look = look
        self._drag: tuple[int, int] | None = None
        self.setAccessibleName("Trace columns")
        self.setSectionsMovable(False)
        self.setHighlightSections(False)
        self.setMouseTracking(True)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def place_at(self, x: int) -> float | None:
        """The place on the axis under a horizontal position, or None beside the waterfall."""
        if self.isSectionHidden(WATERFALL):
            return None
        left, width = self.sectionViewportPosition(WATERFALL), self.sectionSize(WATERFALL)
        if not left <= x <= left + width:
            return None
        return min(1.0, max(0.0, (x - left - MARGIN) / max(1, width - 2 * MARGIN)))

    def _is_on_axis(self, x: int) -> bool:
        left = self.sectionViewportPosition(WATERFALL)
        return not self.isSectionHidden(WATERFALL) and left + _EDGE < x < left + self.sectionSize(WATERFALL) - _EDGE

    # overrides of Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().toPoint().x()
        if event.button() == Qt.MouseButton.LeftButton and self._is_on_axis(x):
            self._drag = (x, x)
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().toPoint().x()
        if self._drag is not None:
            self._drag = (self._drag[0], x)
            self.viewport().update()
            return
        super().mouseMoveEvent(event)
        if self._is_on_axis(x):
            self.setCursor(Qt.CursorShape.IBeamCursor)
        elif self.cursor().shape() == Qt.CursorShape.IBeamCursor:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            super().mouseReleaseEvent(event)
            return
        (start, end), self._drag = self._drag, None
        self.viewport().update()
        if abs(end - start) >= _LEAST:
            left, width = self.sectionViewportPosition(WATERFALL), self.sectionSize(WATERFALL)
            inside = [min(max(x, left), left + width) for x in (start, end)]
            places = sorted(place for x in inside if (place := self.place_at(x)) is not None)
            self.range_chosen.emit(places[0], places[-1])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._is_on_axis(event.position().toPoint().x()):
            self.whole_asked.emit()
            return
        super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.columns_asked.emit(event.globalPos())

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        if section != WATERFALL:
            super().paintSection(painter, rect, section)
            return
        painter.save()
        painter.fillRect(rect, self._look.color("surface"))
        painter.setPen(self._look.color("border"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        font = self._look.font(0.86)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(self._look.color("muted"))
        inner = rect.adjusted(MARGIN, 0, -MARGIN, 0)
        free_from = rect.left() + 2
        for place, text in self._waterfall.axis.ticks():
            width = metrics.horizontalAdvance(text)
            left = round(inner.left() + place * inner.width()) - (0 if place == 0 else width // 2)
            left = min(left, rect.right() - width - 2)
            if left < free_from:
                continue
            painter.drawText(
                QRect(left, rect.top(), width + 2, rect.height()), int(Qt.AlignmentFlag.AlignVCenter), text
            )
            free_from = left + width + self._look.px(8)
        if self._drag is not None:
            self._draw_drag(painter, rect, *sorted(self._drag))
        painter.restore()

    def _draw_drag(self, painter: QPainter, rect: QRect, start: int, end: int) -> None:
        color = QColor(self._look.color("accent"))
        painter.setPen(color)
        left, right = max(start, rect.left()), min(end, rect.right())
        painter.drawLine(left, rect.top(), left, rect.bottom())
        painter.drawLine(right, rect.top(), right, rect.bottom())
        color.setAlpha(60)
        painter.fillRect(QRect(left, rect.top(), right - left, rect.height()), color)
