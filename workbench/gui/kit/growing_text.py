"""A text box as high as its text. Tab leaves it, Ctrl+Enter belongs to the page around it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextOption

from workbench.gui.kit.fitted_text import FittedText
from workbench.gui.kit.json_colors import JsonColors
from workbench.gui.look.look import Look


class GrowingText(FittedText):
    """From `least` to `most` lines, then it scrolls."""

    def __init__(self, name: str, look: Look, *, least: int = 1, most: int = 12, is_json: bool = False) -> None:
        super().__init__(least=least, most=most)
        self._look = look
        self.setAccessibleName(name)
        self.setProperty("role", "input")
        if is_json:
            self.setProperty("face", "mono")
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(1)
        self.colors = JsonColors(self.document(), look) if is_json else None
        look.follow(self, self._take_look)
        self._take_look()

    def around(self) -> int:
        return self._look.px(14)

    def _take_look(self) -> None:
        self.ensurePolished()
        self.fit()

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        super().keyPressEvent(event)
