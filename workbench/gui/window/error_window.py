"""Shown instead of the main window when a project cannot be opened: what, where, and how to fix it."""

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.core.errors import WorkbenchError
from workbench.core.signal import Signal
from workbench.gui.kit.labels import label
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look


class ErrorWindow(QWidget):
    """A small window with one error."""

    def __init__(self, error: WorkbenchError, look: Look, *, can_create: bool = False) -> None:
        """`can_create` offers to make the folder a project."""
        super().__init__()
        self.closed: Signal[[]] = Signal()
        self.create_asked: Signal[[]] = Signal()
        self.setWindowTitle("Tool-Calling Workbench")
        icon = QLabel()
        shape, tone = ("folder", "muted") if can_create else ("error", "error")
        icon.setPixmap(look.pixmap(shape, tone, look.px(24), self.devicePixelRatioF()))
        text = PlainView(look, "What happened", is_mono=False)
        text.show_text(error.message)
        where = label(error.where, "mono-muted", wraps=True)
        where.setVisible(bool(error.where))
        hint = label("" if can_create else error.hint, "muted", wraps=True)
        hint.setVisible(bool(hint.text()))
        close = QPushButton("Close")
        close.setAccessibleName("Close")
        close.clicked.connect(self.close)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(icon)
        head.addWidget(label("Not a project yet" if can_create else "Cannot open the project", "heading"), 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        main = close
        if can_create:
            main = action_button("Create a project here…", "Create a project here", self.create_asked.emit)
            main.setProperty("role", "primary")
            foot.addWidget(main)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(text)
        column.addWidget(where)
        column.addWidget(hint)
        column.addStretch(1)
        column.addLayout(foot)
        main.setAutoDefault(True)  # Enter presses it, as in a dialog
        main.setFocus()
        self.resize(look.px(520), look.px(220))

    # overrides of Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.closed.emit()
