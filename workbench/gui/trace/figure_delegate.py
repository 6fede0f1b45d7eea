"""The columns of figures: right-aligned, with the same margin as their headings."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.gui.kit.look_delegate import Index
from workbench.gui.trace.ink import Ink

_MARGIN = 10
_SURELY_FITS = 7
_AT_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class FigureDelegate(QStyledItemDelegate):
    """Paints text without asking the style sheet, which is what takes the time in a long table."""

    def __init__(self, ink: Ink, parent: QWidget) -> None:
        super().__init__(parent)
        self._ink = ink

    # overrides of Qt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self._ink.paint_ground(painter, option)
        text = index.data(Qt.ItemDataRole.DisplayRole)
        if not text:
            return
        painter.setFont(option.font)
        painter.setPen(self._ink.color("muted" if text == "?" else "text"))
        rect = option.rect.adjusted(4, 0, -_MARGIN, 0)
        if len(text) > _SURELY_FITS:
            text = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _AT_RIGHT, text)
