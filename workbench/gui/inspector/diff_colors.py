"""Colors for a difference. Every line has its sign as well, so that nothing depends on color."""

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from workbench.gui.listening import listen
from workbench.gui.look import Look

_TOKENS = {"+": "ok", "-": "error", "~": "warn", "@": "muted", "#": "accent"}


class DiffColors(QSyntaxHighlighter):
    """Colors a document whose lines begin with a sign and a space."""

    def __init__(self, document: QTextDocument, look: Look) -> None:
        super().__init__(document)
        self._look = look
        listen(self, look.changed, self.rehighlight)

    # overrides of Qt

    def highlightBlock(self, text: str) -> None:
        token = _TOKENS.get(text[:1]) if text[1:2] == " " else None
        if token is None:
            return
        shape = QTextCharFormat()
        shape.setForeground(self._look.color(token))
        if token == "accent":
            shape.setFontWeight(QFont.Weight.DemiBold)
        self.setFormat(0, len(text), shape)
