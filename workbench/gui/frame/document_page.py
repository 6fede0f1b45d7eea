"""A read-only document in a tab: a tool as JSON, a file of the project's code, a file with a problem."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.app.schema_editor.tool_editing import bytes_of
from workbench.gui.kit.labels import ElidedLabel
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look

_MAX_CHARS = 400_000


class DocumentPage(QWidget):
    """A heading, a line about it, and the text."""

    def __init__(self, look: Look, title: str, about: str, text: str, *, is_json: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = PlainView(look, title, is_json=is_json, max_lines=0)
        self.text.show_text(text, max_chars=_MAX_CHARS)
        head = QVBoxLayout()
        head.setContentsMargins(20, 12, 20, 8)
        head.setSpacing(2)
        head.addWidget(ElidedLabel(title, "mono-strong"))
        head.addWidget(ElidedLabel(about, "caption"))
        body = QHBoxLayout()
        body.setContentsMargins(12, 0, 0, 0)
        body.addWidget(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(body, 1)

    def go_to_line(self, line: int) -> None:
        """Put the cursor on a line, counted from 1."""
        block = self.text.document().findBlockByNumber(max(0, line - 1))
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        self.text.setTextCursor(cursor)
        self.text.centerCursor()


def file_text(path: Path) -> str:
    """The content of a file, or that it cannot be read. Never waits for a special file, such as a pipe."""
    held = bytes_of(path)
    if held is None:
        return "Cannot read this file. It may be missing, too large, not a regular file, or not readable by you."
    return held.decode("utf-8", "replace")
