"""Colors for JSON: a tokenizer, so that a number inside a string stays a string."""

import re

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from workbench.gui.look.look import Look

_TOKEN = re.compile(
    r"""(?P<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<string>"(?:[^"\\]|\\.)*"?)|"""
    r"""(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<literal>\b(?:true|false|null)\b)"""
)
_MAX_LINE = 4_000
_MAX_LINES = 20_000


class JsonColors(QSyntaxHighlighter):
    """Colors one document; very long lines and documents stay plain, to stay fast."""

    def __init__(self, document: QTextDocument, look: Look) -> None:
        super().__init__(document)
        self._look = look
        self._formats: dict[str, QTextCharFormat] = {}
        self.is_on = True
        self._take_colors()
        look.follow(self, self._on_look_changed)

    def switch(self, *, is_on: bool) -> None:
        """Color the document, or leave it plain."""
        if is_on != self.is_on:
            self.is_on = is_on
            self.rehighlight()

    def _take_colors(self) -> None:
        for name in ("key", "string", "number", "literal"):
            shape = QTextCharFormat()
            shape.setForeground(self._look.color(f"json_{name}"))
            self._formats[name] = shape

    def _on_look_changed(self) -> None:
        self._take_colors()
        self.rehighlight()

    # overrides of Qt

    def highlightBlock(self, text: str) -> None:
        if not self.is_on or len(text) > _MAX_LINE or self.currentBlock().blockNumber() > _MAX_LINES:
            return
        for match in _TOKEN.finditer(text):
            if match.lastgroup is not None:
                self.setFormat(match.start(), match.end() - match.start(), self._formats[match.lastgroup])
