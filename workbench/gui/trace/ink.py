"""What the delegates of the trace paint with, kept until the look changes: asking again costs more than painting."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QPixmap

from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look


class Ink(QObject):
    """Colors, drawings and lengths of a look."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._colors: dict[tuple[str, int], QColor] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._lengths: dict[int, int] = {}
        listen(self, look.changed, self._forget)

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

    def _forget(self) -> None:
        for kept in (self._colors, self._pixmaps, self._lengths):
            kept.clear()
