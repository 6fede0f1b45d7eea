"""Two parts side by side, or one above the other where there is no room for that."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from workbench.gui.look.look import Look


class TurningSplitter(QSplitter):
    """`narrow` is the width below which it turns; `beside` and `above` are how much the first part gets: of the height,
    as a share where it is no more than 1."""

    def __init__(self, first: QWidget, second: QWidget, look: Look, *, narrow: int, beside: int, above: float) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._look = look
        self._narrow, self._beside, self._above = narrow, beside, above
        self._is_fresh = True
        self._is_stacked = False
        self.setChildrenCollapsible(False)
        for place, widget in enumerate((first, second)):
            self.addWidget(widget)
            policy = widget.sizePolicy()
            policy.setHorizontalStretch(place)
            policy.setVerticalStretch(1 if above <= 1 else place)
            widget.setSizePolicy(policy)
        self._zoom = look.zoom
        look.follow(self, self._take_look)

    def stack(self, *, is_stacked: bool) -> None:
        """Put one above the other whatever room there is, the first no higher than it needs; or as before."""
        if is_stacked != self._is_stacked:
            self._is_stacked, self._is_fresh = is_stacked, True
            self._turn()

    def _take_look(self) -> None:
        """The first part grows and shrinks with the text."""
        if self._look.zoom != self._zoom:
            self._zoom, self._is_fresh = self._look.zoom, True
            self._turn()

    def _turn(self) -> None:
        is_narrow = self._is_stacked or self.width() < self._look.px(self._narrow)
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        if self.orientation() == wanted and not self._is_fresh:
            return
        self._is_fresh = False
        self.setOrientation(wanted)
        whole = self.height() if is_narrow else self.width()
        above = round(whole * self._above) if self._above <= 1 else self._look.px(self._above)
        first = above if is_narrow else self._look.px(self._beside)
        part = self.widget(0)
        if self._is_stacked and part is not None:
            first = part.minimumSizeHint().height() + self._look.px(8)
        self.setSizes([first, max(1, whole - first)])

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()
