"""What the delegates of the trace paint with, kept until the look changes: asking again costs more than painting."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from workbench.gui.look.look import Look

_SELECTED = QStyle.StateFlag.State_Selected.value
_HOVERED = QStyle.StateFlag.State_MouseOver.value


class Ink(QObject):
    """Colors, drawings and lengths of a look."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._colors: dict[tuple[str, int], QColor] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._lengths: dict[int, int] = {}
        look.follow(self, self._forget)

    def color(self, token: str, alpha: int = 255) -> QColor:
        """A color of the theme, up to 255 opaque."""
        key = (token, alpha)
        found = self._colors.get(key)
        if found is None:
            found = self._colors[key] = self._look.color(token)
            found.setAlpha(alpha)
        return found

    def pixmap(self, name: str, token: str, size: int, ratio: float) -> QPixmap:
        """A drawing of `size` logical pixels."""
        key = (name, token, size, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = self._look.pixmap(name, token, size, ratio)
        return found

    def px(self, length: int) -> int:
        """A length that grows with the text."""
        found = self._lengths.get(length)
        if found is None:
            found = self._lengths[length] = self._look.px(length)
        return found

    def paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """Fill a cell: plain, hovered or selected. Text on all of them stays readable."""
        state = option.state.value  # as a number: flags are objects, and there are many cells
        if state & _SELECTED:
            painter.fillRect(option.rect, self.color("selection"))
        elif state & _HOVERED:
            painter.fillRect(option.rect, self.color("hover"))

    def _forget(self) -> None:
        for kept in (self._colors, self._pixmaps, self._lengths):
            kept.clear()
