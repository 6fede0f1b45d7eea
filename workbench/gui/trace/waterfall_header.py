"""The header of the trace; over the waterfall it shows the time axis."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from workbench.gui.look import Look
from workbench.gui.trace.trace_item_model import WATERFALL
from workbench.gui.trace.waterfall_delegate import MARGIN, WaterfallDelegate


class WaterfallHeader(QHeaderView):
    """Paints tick labels where there is room for them."""

    def __init__(self, waterfall: WaterfallDelegate, look: Look, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._waterfall = waterfall
        self._look = look
        self.setAccessibleName("Trace columns")
        self.setSectionsMovable(False)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    # overrides of Qt

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
        painter.restore()
