"""Two texts in one, word by word: added words are underlined, removed ones struck out."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtGui import QTextCharFormat, QTextCursor

from workbench.core.word_diff import Piece, PieceKind
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.plain import one_line, visible

MAX_CHARS = 60_000
_THIN_SPACE = "\u2009"
_SPOKEN = {"added": "added", "removed": "removed"}


class DiffView(PlainView):
    """Never color alone: added words are underlined, removed ones struck out, and a screen reader announces both."""

    def __init__(self, look: Look, name: str, *, is_mono: bool = False, max_lines: int = 0) -> None:
        super().__init__(look, name, is_mono=is_mono, max_lines=max_lines)
        self._parts: tuple[tuple[str, Sequence[Piece]], ...] = ()
        look.follow(self, self._paint)

    def show_pieces(self, pieces: Sequence[Piece]) -> None:
        """Show one comparison."""
        self.show_parts((("", pieces),))

    def show_parts(self, parts: Sequence[tuple[str, Sequence[Piece]]]) -> None:
        """Show several comparisons, each below its title."""
        self._parts = tuple(parts)
        self._paint()

    def _paint(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        room = MAX_CHARS
        for number, (title, pieces) in enumerate(self._parts):
            if title:
                cursor.insertText(f"{chr(10) * 2 if number else ''}{visible(title)}\n", self._title())
            for before, piece in pairwise((Piece("same", ""), *pieces)):
                if before.kind == "removed" and piece.kind == "added":
                    cursor.insertText(_THIN_SPACE, self._shape("same"))
                text = visible(piece.text[: max(room, 0)])
                room -= len(piece.text)
                cursor.insertText(text.replace("\n", "⏎\n") if piece.kind != "same" else text, self._shape(piece.kind))
            if room <= 0:
                cursor.insertText("…", self._shape("same"))
                break
        cursor.endEditBlock()
        self.setAccessibleDescription(self._words())
        self.fit()

    def _words(self) -> str:
        said = [
            f"{_SPOKEN[piece.kind]}: {one_line(piece.text, 80)}"
            for _, pieces in self._parts
            for piece in pieces
            if piece.kind != "same"
        ]
        return "; ".join(said[:20])

    def _shape(self, kind: PieceKind) -> QTextCharFormat:
        shape = QTextCharFormat()
        shape.setForeground(self._look.color("text"))
        if kind == "added":
            shape.setForeground(self._look.color("ok"))
            shape.setBackground(self._look.color("ok_ground"))
            shape.setFontUnderline(True)
        elif kind == "removed":
            shape.setForeground(self._look.color("error"))
            shape.setBackground(self._look.color("error_ground"))
            shape.setFontStrikeOut(True)
        return shape

    def _title(self) -> QTextCharFormat:
        shape = QTextCharFormat()
        shape.setForeground(self._look.color("muted"))
        shape.setFont(self._look.font(0.92, is_bold=True))
        return shape
