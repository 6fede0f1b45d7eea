"""Docks that move and close but do not float: floating ones break on Wayland."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLabel, QMainWindow, QToolButton, QWidget

from workbench.gui.kit.labels import label
from workbench.gui.look.look import Look


class Dock(QDockWidget):
    """A pane with a quiet title and a button to close it."""

    widened = Signal()
    """It became wider or narrower."""

    def __init__(self, name: str, title: str, content: QWidget, look: Look, window: QMainWindow) -> None:
        super().__init__(title, window)
        self._look = look
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetClosable | QDockWidget.DockWidgetFeature.DockWidgetMovable
        )
        self._title: QLabel = label(title.upper(), "dock-title")
        self._close = QToolButton()
        self._close.setAccessibleName(f"Close {title}")
        self._close.setToolTip(f"Close {title}")
        self._close.clicked.connect(self.hide)
        self._bar = QFrame()
        self._bar.setProperty("role", "dock-header")
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(12, 0, 4, 0)
        row.addWidget(self._title, 1)
        row.addWidget(self._close)
        self.setTitleBarWidget(self._bar)
        self.setWidget(content)
        self._take_look()
        look.follow(self, self._take_look)

    def rename(self, title: str) -> None:
        """Change the title, for counts."""
        self.setWindowTitle(title)
        self._title.setText(title.upper())

    def toggle(self) -> None:
        """Show or hide."""
        self.setVisible(not self.isVisible())

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.widened.emit()

    def _take_look(self) -> None:
        self._close.setIcon(self._look.icon("close"))
        self._close.setIconSize(QSize(self._look.px(12), self._look.px(12)))
        self._title.setFixedHeight(self._look.px(30))  # a dock asks its title for this, not the bar around it
