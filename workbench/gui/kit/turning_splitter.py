"""Two parts side by side, or one above the other where there is no room for that."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from workbench.gui.look.look import Look


class TurningSplitter(QSplitter):
    """`narrow` is the width below which it turns; `beside` and `above` are how much the first part gets."""

    def __init__(self, first: QWidget, second: QWidget, look: Look, *, narrow: int, beside: int, above: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._look = look
        self._narrow, self._beside, self._above = narrow, beside, above
        self._is_fresh = True
        self.setChildrenCollapsible(False)
        for place, widget in enumerate((first, second)):
            self.addWidget(widget)
            self.setStretchFactor(place, place)

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < self._look.px(self._narrow)
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        if self.orientation() == wanted and not self._is_fresh:
            return
        self._is_fresh = False
        self.setOrientation(wanted)
        first = self._look.px(self._above if is_narrow else self._beside)
        whole = self.height() if is_narrow else self.width()
        self.setSizes([first, max(1, whole - first)])
