"""No key leaves by the clipboard, no matter who put it there: a button, a menu, or Ctrl+C in a text."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from workbench.viewmodels.shared.plain import keyless


class ClipboardGuard(QObject):
    """Looks at everything this program puts onto the clipboard, before anybody can ask for it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._clipboard = QGuiApplication.clipboard()
        self._clipboard.dataChanged.connect(self._look)

    def _look(self) -> None:
        # The offscreen platform owns nothing, and there is nobody else there. What others put there is theirs.
        if not self._clipboard.ownsClipboard() and QGuiApplication.platformName() != "offscreen":
            return
        text = self._clipboard.text()
        clean = keyless(text)
        if clean != text:
            self._clipboard.setText(clean)
