"""Colors for lines that begin with a sign: differences, and the states of fields. Nothing depends on color."""

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from workbench.gui.look.look import Look

DIFFERENCE = {"+": "ok", "-": "error", "~": "warn", "@": "muted", "#": "accent"}
BIRTH = {"✓": "ok", "✗": "error", "…": "accent", "·": "muted"}
"""A field that fits, one that does not, one that is being written, one that has not begun."""


class DiffColors(QSyntaxHighlighter):
    """Colors a document whose lines begin with a sign and a space."""

    def __init__(self, document: QTextDocument, look: Look, tokens: dict[str, str] = DIFFERENCE) -> None:
        """`tokens` are the colors by sign."""
        super().__init__(document)
        self._look = look
        self._tokens = tokens
        look.follow(self, self.rehighlight)

    # overrides of Qt

    def highlightBlock(self, text: str) -> None:
        token = self._tokens.get(text[:1]) if text[1:2] == " " else None
        if token is None:
            return
        shape = QTextCharFormat()
        shape.setForeground(self._look.color(token))
        if token == "accent":
            shape.setFontWeight(QFont.Weight.DemiBold)
        self.setFormat(0, len(text), shape)
