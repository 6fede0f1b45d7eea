"""What list rows that paint themselves share: their height, the color of their state, and an icon."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.gui.look.look import Look

Index = QModelIndex | QPersistentModelIndex


class LookDelegate(QStyledItemDelegate):
    """Paints in the colors and icons of the look; `height` is a row's, before the zoom."""

    def __init__(self, look: Look, parent: QWidget, *, height: int) -> None:
        super().__init__(parent)
        self._look = look
        self._height = height

    def paint_state(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """Show that the row is selected or under the pointer."""
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, self._look.color("selection"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, self._look.color("hover"))

    def paint_icon(self, painter: QPainter, name: str, token: str, left: int, rect: QRect) -> int:
        """An icon from `left`, in the middle of the row's height; returns its width."""
        size = self._look.px(15)
        target = QRect(left, rect.center().y() - size // 2 + 1, size, size)
        painter.drawPixmap(target, self._look.pixmap(name, token, size, painter.device().devicePixelRatioF()))
        return size

    # overrides of Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, self._look.px(self._height))
