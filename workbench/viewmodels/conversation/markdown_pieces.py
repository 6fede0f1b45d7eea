"""A growing Markdown text in pieces that can each be rendered alone and never change again.

A text is cut after blank lines, around code fences, inside long ones between two lines, and between two items of a
long list; never before a line that is indented, because it may belong to the list above it. Items of a numbered list
that begin a piece get the number they have in the whole text.
"""

import re

_FENCE = re.compile(r"( *)(`{3,}|~{3,})(.*)")
_ITEM = re.compile(r"([-*+]|(\d{1,9})([.)]))(?=[ \t])")
FENCE_LINES = 20
"""How many lines of an open code fence make a piece."""
LIST_LINES = 12
"""After how many lines of a list its next item begins a piece."""


class MarkdownPieces:
    """Follows one text from its first character on. Looking at what was added costs no more than that."""

    def __init__(self) -> None:
        self.done = 0
        """How much of the text is in pieces."""
        self._looked = 0
        self._lines = 0
        self._opening = ""
        self._mark = ""
        self._inner = ""
        self._is_blank = False
        self._list_lines = 0
        self._ordered: tuple[str, int] | None = None
        """The mark of the numbered list the text is in, and the number of its next item."""
        self._first: tuple[str, int] | None = None
        """The same, where the first piece to come begins."""

    def take(self, text: str) -> list[str]:
        """The pieces that are complete now. `text` must continue what was given before."""
        pieces: list[str] = []
        while (end := text.find("\n", self._looked)) >= 0:
            start, line = self._looked, text[self._looked : end]
            self._looked = end + 1
            if self._mark:
                self._look_in_fence(text, line, end + 1, pieces)
            else:
                self._look_outside(text, line, start, end + 1, pieces)
        self._cut_before(text, text[self._looked : self._looked + 1], self._looked, pieces)
        return pieces

    def tail(self, text: str) -> str:
        """What is in no piece yet, as it may be rendered for now."""
        rest = text[self.done :]
        return f"{self._opening}\n{rest}" if self._mark and rest else self._numbered(rest)

    def _look_in_fence(self, text: str, line: str, end: int, pieces: list[str]) -> None:
        found = _FENCE.match(line)
        is_end = found is not None and _closes(found, self._mark)
        self._lines += 1
        if is_end or self._lines >= FENCE_LINES:
            body = text[self.done : end]
            if is_end:
                if body.count("\n") > 1:
                    pieces.append(f"{self._opening}\n{body}")
                self._opening = self._mark = ""
            else:
                pieces.append(f"{self._opening}\n{body}{self._mark}\n")
            self.done, self._lines = end, 0

    def _look_outside(self, text: str, line: str, start: int, end: int, pieces: list[str]) -> None:
        found = _FENCE.match(line)
        if self._inner:
            if found is not None and _closes(found, self._inner):
                self._inner = ""
            return
        self._cut_before(text, line[:1] or "\n", start, pieces)
        self._look_for_list(text, line, start, pieces)
        self._is_blank = not line.strip()
        if found is None or ("`" in found[3] and found[2][0] == "`"):
            return
        if found[1]:  # it belongs to a list, most likely
            self._inner = found[2]
            return
        self._cut(text, start, pieces)
        self._opening, self._mark, self._lines = line, found[2], 0
        self.done, self._first, self._ordered, self._list_lines = end, None, None, 0

    def _look_for_list(self, text: str, line: str, start: int, pieces: list[str]) -> None:
        """Count the lines of a list; where it is long enough, cut it before its next item."""
        item = _ITEM.match(line)
        if item is None:
            if line[:1].strip() and (self._is_blank or start == self.done):
                self._list_lines, self._ordered = 0, None  # something else has begun
            elif self._list_lines:
                self._list_lines += 1
            return
        if item[2] is None:
            self._ordered = None
        elif self._ordered is not None and self._ordered[0] == item[3]:
            pass
        elif start == self.done or self._is_blank or int(item[2]) == 1:
            self._ordered = (item[3], int(item[2]))
        else:
            return  # words that go on with a number
        if self._list_lines >= LIST_LINES:
            self._cut(text, start, pieces)
            self._list_lines = 0
        self._list_lines += 1
        if self._ordered is not None:
            self._ordered = (self._ordered[0], self._ordered[1] + 1)

    def _cut_before(self, text: str, first: str, start: int, pieces: list[str]) -> None:
        """Cut here when a blank line is above and the line that begins here is not indented."""
        if self._is_blank and not self._inner and first and not first.isspace():
            self._cut(text, start, pieces)
            self._is_blank = False

    def _cut(self, text: str, start: int, pieces: list[str]) -> None:
        if text[self.done : start].strip():
            pieces.append(self._numbered(text[self.done : start]))
        self.done, self._first = start, self._ordered

    def _numbered(self, body: str) -> str:
        """The text of a piece, its first item numbered as in the whole."""
        if self._first is None:
            return body
        item = _ITEM.match(body)
        if item is None or item[3] != self._first[0]:
            return body
        return f"{self._first[1]}{body[item.end(2) :]}"


def whole_in_pieces(text: str) -> list[str]:
    """All of a finished text, in pieces."""
    cutter = MarkdownPieces()
    pieces = cutter.take(text)
    rest = cutter.tail(text)
    return [*pieces, rest] if rest.strip() else pieces


def _closes(found: re.Match[str], mark: str) -> bool:
    return found[2][0] == mark[0] and len(found[2]) >= len(mark) and not found[3].strip()
