"""Finding text in a view of plain text: a line that comes with Ctrl+F and goes with Esc."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from workbench.gui.kit.find_row import FindRow
from workbench.gui.look.look import Look


class FindBar(FindRow):
    """Enter finds the next, Shift+Enter the one before, around the corner."""

    def __init__(self, text: QPlainTextEdit, look: Look, words: str = "Find in the JSON") -> None:
        super().__init__(words, look)
        self._text = text
        self.line.textChanged.connect(lambda _: self._find_from_here())

    def look_in(self, text: QPlainTextEdit) -> None:
        """Find in another view from here on."""
        self._text = text
        if self.isVisible():
            self._show_count()

    def open(self) -> None:
        """Show the bar; what is selected is looked for."""
        selected = self._text.textCursor().selectedText()
        self.show()
        if selected and "\u2029" not in selected:
            self.line.setText(selected)
        self.line.setFocus()
        self.line.selectAll()

    def put_away(self) -> None:
        """Hide the bar and go back to the text."""
        self.hide()
        self._text.setFocus()

    def step(self, by: int) -> None:
        """Go to the next match (1) or the one before (-1)."""
        words = self.line.text()
        flag = QTextDocument.FindFlag.FindBackward if by < 0 else QTextDocument.FindFlag(0)
        found = self._text.document().find(words, self._text.textCursor(), flag) if words else QTextCursor()
        if found.isNull() and words:
            corner = QTextCursor(self._text.document())
            if by < 0:
                corner.movePosition(QTextCursor.MoveOperation.End)
            found = self._text.document().find(words, corner, flag)
        if not found.isNull():
            self._text.setTextCursor(found)
            self._text.ensureCursorVisible()
        self._show_count()

    def _find_from_here(self) -> None:
        cursor = self._text.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self._text.setTextCursor(cursor)
        self.step(1)

    def _show_count(self) -> None:
        words = self.line.text().casefold()
        count = self._text.toPlainText().casefold().count(words) if words else 0
        self.count.setText(f"{count} found" if words else "")


class JsonPane(QWidget):
    """The JSON view with its find bar."""

    def __init__(self, text: QPlainTextEdit, look: Look) -> None:
        super().__init__()
        self.bar = FindBar(text, look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(text, 1)
        for keys, act in (
            ("Ctrl+F", self.bar.open),
            ("F3", lambda: self.bar.step(1)),
            ("Shift+F3", lambda: self.bar.step(-1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
