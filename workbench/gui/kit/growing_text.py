"""A box for text as high as what is in it. Tab leaves it, Ctrl+Enter belongs to the page around it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit

from workbench.gui.kit.json_colors import JsonColors
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look


class GrowingText(QPlainTextEdit):
    """From `least` to `most` lines, then it scrolls."""

    def __init__(self, name: str, look: Look, *, least: int = 1, most: int = 12, is_json: bool = False) -> None:
        super().__init__()
        self._look = look
        self._least, self._most = least, most
        self.setAccessibleName(name)
        self.setProperty("role", "input")
        if is_json:
            self.setProperty("face", "mono")
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(1)
        self.colors = JsonColors(self.document(), look) if is_json else None
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        listen(self, look.changed, self._fit)
        self._fit()

    def _fit(self) -> None:
        self.ensurePolished()
        wanted = max(int(self.document().size().height()), self._least)
        lines = min(wanted, self._most)
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if wanted > lines else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        height = lines * self.fontMetrics().lineSpacing() + self._look.px(14)
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        super().keyPressEvent(event)
