"""The scroll area of a page with sections, and the small parts that all of them have."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.kit.labels import label

_MOST_CHARS = 170
_NARROW_CHARS = 70


class ScrollArea(QScrollArea):
    """Scrolls up and down without a frame, and `sideways` if needed; the keyboard goes to its contents."""

    def __init__(self, name: str, inner: QWidget | None = None, *, sideways: bool = False) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        if not sideways:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if inner is not None:
            self.setWidget(inner)


class PageFrame(QWidget):
    """A page in a tab; add sections to it from top to bottom."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inner = self._inner = QWidget()
        inner.setProperty("role", "page")
        self._column = QVBoxLayout(inner)
        self._column.setSpacing(12)
        self._column.addStretch(1)
        self._scroll = ScrollArea(name, inner, sideways=True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def add_section(self, title: str, about: str, *widgets: QWidget) -> None:
        """Add a heading, a sentence about it, and its content."""
        self._add(label(title, "heading", wraps=True))
        if about:
            self._add(label(about, "muted", wraps=True))
        for widget in widgets:
            self._add(widget)
        self._column.insertSpacing(self._column.count() - 1, 14)

    def add_first(self, widget: QWidget) -> None:
        """Add a widget above everything else."""
        self._column.insertWidget(0, widget)

    def show_widget(self, widget: QWidget) -> None:
        """Scroll to something on the page."""
        self._scroll.ensureWidgetVisible(widget, 0, 60)

    def _add(self, widget: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 1, widget)

    def _limit(self) -> None:
        """On a large screen, fields and lines stay narrow enough to read; a narrow page has narrow margins."""
        char = self.fontMetrics().averageCharWidth()
        self._inner.setMaximumWidth(_MOST_CHARS * char)
        side = 12 if self.width() < _NARROW_CHARS * char else 28
        self._column.setContentsMargins(side, 24, side, 28)

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._limit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_inner"):
            self._limit()


def action_button(text: str, name: str, act: Callable[[], object], *, role: str = "") -> QPushButton:
    """Create a button with its accessible name."""
    button = QPushButton(text)
    button.setAccessibleName(name)
    if role:
        button.setProperty("role", role)
    button.clicked.connect(lambda _=False: act())
    return button
