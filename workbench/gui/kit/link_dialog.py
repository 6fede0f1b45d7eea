"""Before a link opens, its whole address is shown. Only web and mail addresses open at all."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workbench.gui.kit.labels import label
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look

_SCHEMES = ("http", "https", "mailto")


class LinkDialog(QDialog):
    """A dialog that does not block; open it with `open()`."""

    def __init__(self, address: str, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Open a link")
        self._url = QUrl(address)
        may_open = self._url.scheme().lower() in _SCHEMES and self._url.isValid()
        shown = PlainView(look, "Address", max_lines=8)
        shown.show_text(address)
        words = (
            "Open this address outside the workbench?"
            if may_open
            else "This kind of address cannot be opened from here."
        )
        self.open_button = QPushButton("Open")
        self.open_button.setProperty("role", "primary")
        self.open_button.setAccessibleName("Open address")
        self.open_button.setEnabled(may_open)
        self.open_button.clicked.connect(self._open)
        copy = QPushButton("Copy")
        copy.setAccessibleName("Copy address")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(address))
        close = QPushButton("Close")
        close.setAccessibleName("Close")
        close.clicked.connect(self.reject)
        close.setDefault(True)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (close, copy, self.open_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(label(words, "strong", wraps=True))
        column.addWidget(shown)
        column.addLayout(row)
        self.setMinimumWidth(look.px(460))

    def _open(self) -> None:
        QDesktopServices.openUrl(self._url)
        self.accept()
