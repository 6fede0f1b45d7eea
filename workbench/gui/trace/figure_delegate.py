"""The columns of figures: right-aligned, with the same margin as their headings."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.gui.look import Look
from workbench.gui.trace.cell_ground import paint_ground

_MARGIN = 10


class FigureDelegate(QStyledItemDelegate):
    """Paints text without asking the style sheet, which is what takes the time in a long table."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    # overrides of Qt

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        paint_ground(painter, option, self._look)
        text = index.data(Qt.ItemDataRole.DisplayRole)
        if not text:
            return
        painter.setFont(option.font)
        painter.setPen(self._look.color("muted" if text == "?" else "text"))
        rect = option.rect.adjusted(4, 0, -_MARGIN, 0)
        shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), shown)
