"""Colors for code in any language that Pygments knows: the whole text is read, so that strings can span many lines."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from workbench.gui.kit.raw_text import text_of, units
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look

_MAX_CHARS = 200_000
_AGAIN_MS = 60
_COLORS = (  # the first that a token belongs to
    ("Comment", "muted"),
    ("Literal.String.Doc", "json_string"),
    ("Literal.String", "json_string"),
    ("Literal.Number", "json_number"),
    ("Keyword", "json_literal"),
    ("Operator.Word", "json_literal"),
    ("Name.Decorator", "json_key"),
    ("Name.Function", "json_key"),
    ("Name.Class", "json_key"),
    ("Name.Builtin", "json_key"),
    ("Name.Tag", "json_key"),
    ("Name.Attribute", "json_key"),
)


class CodeColors(QSyntaxHighlighter):
    """Colors one document; a very long one stays plain. Colors follow the text a moment later."""

    def __init__(self, document: QTextDocument, look: Look, *, suffix: str) -> None:
        """The file's `suffix` decides the language; an unknown one stays plain."""
        self._lines: list[list[tuple[int, int, str]]] = []
        self._look = look
        self._suffix = suffix
        super().__init__(document)
        self._timer = delay(self, _AGAIN_MS, self._read)
        document.contentsChanged.connect(self._on_changed)
        self._seen = ""
        look.follow(self, self.rehighlight)
        self._read()

    def _on_changed(self) -> None:
        document = self.document()
        if text_of(document) != self._seen:  # to Qt, coloring is a change, too
            self._timer.start()

    def _read(self) -> None:
        self._seen = text = text_of(self.document())
        self._lines = [[]]
        for kind, piece in _tokens(self._suffix, text) if len(text) <= _MAX_CHARS else ():
            for number, line in enumerate(piece.split("\n")):
                if number:
                    self._lines.append([])
                start = self._lines[-1][-1][0] + self._lines[-1][-1][1] if self._lines[-1] else 0
                self._lines[-1].append((start, units(line), kind))
        self.rehighlight()

    # overrides of Qt

    def highlightBlock(self, text: str) -> None:
        number = self.currentBlock().blockNumber()
        for start, length, kind in self._lines[number] if number < len(self._lines) else ():
            if kind:
                shape = QTextCharFormat()
                shape.setForeground(self._look.color(kind))
                self.setFormat(start, length, shape)


def _tokens(suffix: str, text: str) -> Iterator[tuple[str, str]]:
    """Each token's color, empty for the plain one, and its text."""
    lexer = _lexer(suffix)
    for token, piece in lexer.get_tokens(text) if lexer is not None else ():
        name = str(token).removeprefix("Token.")
        yield next((color for kind, color in _COLORS if name.startswith(kind)), ""), piece


@cache
def _lexer(suffix: str) -> Any:
    from pygments.lexers import get_lexer_for_filename  # the list of languages is long: not at program start
    from pygments.util import ClassNotFound

    try:
        return get_lexer_for_filename(f"file{suffix}", stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
