"""The window before there is anything in it: painted at once, while the rest of the program is still being loaded.

Nothing but Qt and the look may be imported here.
"""

import time
from collections.abc import Sequence
from typing import TypeVar, cast

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QCloseEvent, QFont, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from workbench.gui.frame.window_state import WindowState
from workbench.gui.look.look import Look

TITLE = "Tool-Calling Workbench"
_PANES: tuple[tuple[str, QRectF], ...] = (
    ("Explorer", QRectF(0.0, 0.0, 0.18, 1.0)),
    ("Trace", QRectF(0.64, 0.0, 0.36, 0.5)),
    ("Inspector", QRectF(0.64, 0.5, 0.36, 0.5)),
)
"""Where the panes are by default, between the bars, as shares of the room there."""
_PATIENCE_S = 0.3
_TITLE_BAR = 30
"""About how many pixels a title bar takes; the exact number is known only when the window is shown."""

W = TypeVar("W", bound="Shell")


class Shell(QMainWindow):
    """A frame without content. The main window is this very window, once it is furnished.

    Whatever handler of Qt's the main window overrides is overridden here as well: Qt's binding remembers, for each
    window, which handlers it has no need to ask Python for.
    """

    was_closed = False
    """Whether somebody closed it before it was furnished."""

    def open_on(self, look: Look, state: WindowState, name: str) -> None:
        """The same as `show_on`, before there is an event loop: return when it is painted or a moment has passed."""
        ground = self.show_on(look, state, name)
        patience = time.monotonic() + _PATIENCE_S
        while not ground.is_painted and time.monotonic() < patience:
            QApplication.processEvents()

    def show_on(self, look: Look, state: WindowState, name: str) -> "_Ground":
        """Show the frame where the window was last. `name` is what is being opened."""
        self.setWindowTitle(TITLE)
        self.size_by(look)
        state.restore_place(self)
        ground = _Ground(look, name, state.panes)
        self.setCentralWidget(ground)
        self.show()
        return ground

    def size_by(self, look: Look) -> None:
        """Give the window the size it has by default, or what the screen has room for, unless it is shown already."""
        if not self.isVisible():
            room = self.screen().availableGeometry()
            self.resize(min(look.px(1440), room.width()), min(look.px(900), room.height() - _TITLE_BAR))

    def become(self, kind: type[W]) -> W:
        """The same window, from here on one of `kind`, which has yet to furnish it."""
        self.__class__ = kind
        return cast(W, self)

    # overrides of Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.was_closed = True
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)


class _Ground(QWidget):
    """The grounds and lines of a window whose panes are where they were last."""

    def __init__(self, look: Look, name: str, panes: Sequence[tuple[str, QRectF]]) -> None:
        super().__init__()
        self.is_painted = False
        self._look = look
        self._name = name
        self._panes = panes or _PANES
        self.setAccessibleName(f"Opening {name}" if name else "Opening")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # overrides of Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        look, width = self._look, self.width()
        top, foot = look.px(45), self.height() - look.px(29)
        painter = QPainter(self)
        painter.fillRect(event.rect(), look.color("window"))
        painter.fillRect(QRect(0, top, width, foot - top), look.color("surface"))
        for title, share in self._panes:
            left, upper = round(share.left() * width), top + round(share.top() * (foot - top))
            right, lower = round(share.right() * width), top + round(share.bottom() * (foot - top))
            self._draw_pane(painter, QRect(left, upper, right - left, lower - upper), title)
        for line in (top - 1, foot):
            painter.fillRect(0, line, width, 1, look.color("border"))
        painter.setPen(look.color("muted"))
        painter.setFont(look.font(0.9))
        words = f"Opening {self._name}…" if self._name else "Opening…"
        painter.drawText(QRect(19, foot, width, self.height() - foot), Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()
        self.is_painted = True

    def _draw_pane(self, painter: QPainter, place: QRect, title: str) -> None:
        look = self._look
        head = QRect(place.left(), place.top(), place.width(), look.px(30))
        painter.fillRect(head, look.color("window"))
        for edge in (
            QRect(place.left() - 1, place.top(), 1, place.height()),
            QRect(place.right() + 1, place.top(), 1, place.height()),
            QRect(place.left(), place.top() - 1, place.width(), 1),
            QRect(head.left(), head.bottom(), head.width(), 1),
        ):
            painter.fillRect(edge, look.color("border"))
        font = look.font(0.8, is_bold=True)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1)
        painter.setFont(font)
        painter.setPen(look.color("muted"))
        painter.drawText(head.adjusted(12, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, title.upper())
