"""Text from anywhere, shown as plain text: selectable, wrapped anywhere, as high as it needs."""

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from workbench.gui.kit.fitted_text import FittedText
from workbench.gui.kit.json_colors import JsonColors
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.plain import SHOWN_CHARS, clipped, visible

_MOST_CHARS = 400_000


class PlainView(FittedText):
    """A read-only text. Control and bidi characters are spelled out; copying everything returns the original."""

    def __init__(
        self,
        look: Look,
        name: str,
        *,
        is_mono: bool = True,
        is_json: bool = False,
        max_lines: int = 12,
    ) -> None:
        """`name` is the accessible name, `max_lines` how many lines are shown before it scrolls (0: fill the room)."""
        super().__init__(most=max_lines)
        self._look = look
        self._is_mono = is_mono
        self._whole = ""
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0 if max_lines else 8)
        if max_lines:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        else:
            self.setProperty("role", "code")
        self.colors = JsonColors(self.document(), look) if is_json else None
        self._take_font()
        look.follow(self, self._take_font)

    @property
    def whole_text(self) -> str:
        """The original text, unclipped and unchanged."""
        return self._whole

    def show_text(self, text: str, *, max_chars: int = SHOWN_CHARS) -> None:
        """Show this text; the selection survives when the text is the same."""
        if text == self._whole and self.toPlainText():
            return
        self._whole = text
        self.setPlainText(visible(clipped(text, max_chars)))
        self.fit()

    def show_up_to(self, chars: int) -> bool:
        """Show this many characters of a text that was clipped; False when that would be too much."""
        if chars > _MOST_CHARS:
            return False
        self.setPlainText(visible(clipped(self._whole, chars)))
        self.fit()
        return True

    def wrap(self, *, is_on: bool) -> None:
        """Wrap long lines, or scroll to their ends."""
        mode = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if is_on else QTextOption.WrapMode.NoWrap
        self.setWordWrapMode(mode)
        policy = Qt.ScrollBarPolicy
        is_bar_shown = not self._most or not is_on
        self.setHorizontalScrollBarPolicy(policy.ScrollBarAsNeeded if is_bar_shown else policy.ScrollBarAlwaysOff)
        self.fit()

    def _take_font(self) -> None:
        self.setFont(self._look.mono() if self._is_mono else self._look.font())
        self.fit()

    # overrides of Qt

    def sizeHint(self) -> QSize:
        return QSize(200, self.minimumHeight() or super().sizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._most and self.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            event.ignore()
            return
        super().wheelEvent(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        # Made by Qt: the clipboard keeps it after Python has ended, and one made in Python then crashes the program.
        data = super().createMimeDataFromSelection()
        data.text()  # fills it from the document; anything set before that is lost
        data.clear()
        everything = self.textCursor().selectedText().replace("\u2029", "\n")
        data.setText(self._whole if everything == self.toPlainText() else everything)
        return data
