"""Text in and out of Qt's documents without Qt's changes on the way."""

from PySide6.QtGui import QTextCursor, QTextDocument

from workbench.viewmodels.schema_editor.history import edit_between


def text_of(document: QTextDocument) -> str:
    """The text as it was put in: no-break spaces stay what they are."""
    return document.toRawText().replace("\u2029", "\n")


def replace_text(document: QTextDocument, text: str) -> int | None:
    """Make the document hold `text` by replacing only what differs; return where the change ends, or None."""
    old = text_of(document)
    if old == text:
        return None
    edit = edit_between(old, text)
    start = units(old, edit.start)
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.setPosition(start + units(edit.removed), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(edit.inserted)
    return start + units(edit.inserted)


def units(text: str, place: int | None = None) -> int:
    """The number of UTF-16 units, which Qt counts, in the first `place` characters."""
    part = text if place is None else text[:place]
    return len(part) if part.isascii() else len(part.encode("utf-16-le", "surrogatepass")) // 2


def characters(text: str, position: int) -> int:
    """The number of characters in the first `position` UTF-16 units."""
    if text.isascii():
        return position
    return len(text.encode("utf-16-le", "surrogatepass")[: position * 2].decode("utf-16-le", "replace"))
