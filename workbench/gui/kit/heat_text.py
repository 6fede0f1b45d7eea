"""A text whose pieces are tinted by their heat, each followed by its figure. Read-only, selectable, plain."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy

from workbench.gui.kit.fitted_text import FittedText
from workbench.gui.look.look import Look
from workbench.viewmodels.microscope.heat_line import HeatLine

_MOST_LINES = 400


class HeatText(FittedText):
    """Make it as high as its text."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__(most=_MOST_LINES)
        self._look = look
        self._lines: tuple[HeatLine, ...] = ()
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        look.follow(self, self._draw)

    def show_lines(self, lines: Sequence[HeatLine]) -> None:
        """Show these pieces, a space between them."""
        if tuple(lines) != self._lines or not self.toPlainText():
            self._lines = tuple(lines)
            self._draw()

    def _draw(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        plain = QTextCharFormat()
        plain.setForeground(self._look.color("text"))
        for number, line in enumerate(self._lines):
            tinted = QTextCharFormat(plain)
            if line.token:
                tinted.setBackground(self._look.color(line.token))
            if number:
                cursor.insertText(" ", plain)
            cursor.insertText(line.text, tinted)
            if line.figure:
                figure = QTextCharFormat(tinted)
                figure.setFont(self._look.mono(0.82, is_bold=True))
                cursor.insertText(f"\u00a0{line.figure}", figure)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.fit()

    def around(self) -> int:
        return 4

    # overrides of Qt

    def sizeHint(self) -> QSize:
        return QSize(200, self.minimumHeight() or super().sizeHint().height())
