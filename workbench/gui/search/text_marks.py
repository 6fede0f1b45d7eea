"""Marks in a text view: every place that was found, and the current one in a stronger color."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from workbench.gui.kit.plain_view import PlainView
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look

TextSpan = tuple[int, int]
_MOST = 1000
"""More marks in one view would only make it slow; nobody looks through that many."""
_SETTLE_MS = 40
_MORE_CHARS = 2_000


class TextMarks(QObject):
    """Keeps the marks of one view in place as its text changes, even while it streams."""

    def __init__(self, view: QPlainTextEdit | QTextEdit, look: Look, spans: Callable[[str], list[TextSpan]]) -> None:
        """`spans` finds the search text in a text, as (begin, end)."""
        super().__init__(view)
        self._view = view
        self._look = look
        self._spans = spans
        self._nth = -1
        self._current: QTextCursor | None = None
        self._later = delay(self, _SETTLE_MS, self._show)
        view.document().contentsChanged.connect(self._later.start)

    def show(self, nth: int = -1) -> None:
        """Mark every place, the nth one as the current one."""
        self._nth = nth
        self._show()

    @property
    def current_rect(self) -> QRect | None:
        """The current place in the view, which has scrolled to it."""
        if self._current is None:
            return None
        cursor = QTextCursor(self._current)
        cursor.setPosition(self._current.selectionStart())
        view = self._view
        if isinstance(view, PlainView) and view.verticalScrollBar().maximum() > 0:
            view.setTextCursor(cursor)
            view.ensureCursorVisible()
        return view.cursorRect(cursor)

    def _show(self) -> None:
        text = self._view.toPlainText()
        spans = self._spans(text)
        if isinstance(self._view, PlainView) and self._nth >= len(spans) and self._reveal():
            text = self._view.toPlainText()
            spans = self._spans(text)
        nth = min(self._nth, len(spans) - 1)
        begin = max(0, nth - _MOST // 2)
        positions = _Positions(text)
        self._current = None
        shown = []
        for number, span in enumerate(spans[begin : begin + _MOST], begin):
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self._view.document())
            cursor.setPosition(positions.of(span[0]))
            cursor.setPosition(positions.of(span[1]), QTextCursor.MoveMode.KeepAnchor)
            shape = QTextCharFormat()
            is_current = number == nth
            shape.setBackground(self._look.color("accent" if is_current else "mark"))
            shape.setForeground(self._look.color("on_accent" if is_current else "text"))
            if is_current:
                self._current = cursor
            mark.cursor, mark.format = cursor, shape
            shown.append(mark)
        self._view.setExtraSelections(shown)

    def _reveal(self) -> bool:
        """Expand a clipped text so that it contains the current place."""
        view = self._view
        assert isinstance(view, PlainView)
        spans = self._spans(view.whole_text)
        return self._nth < len(spans) and view.show_up_to(spans[self._nth][1] + _MORE_CHARS)


class _Positions:
    """Qt counts UTF-16 units: characters beyond the first plane, such as emoji, are two of them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._is_simple = text.isascii() or max(text) <= "\uffff"
        self._place = self._units = 0

    def of(self, place: int) -> int:
        """The unit of a character; cheap when asked in order."""
        if self._is_simple:
            return place
        if place < self._place:
            self._place = self._units = 0
        self._units += sum(2 if char > "\uffff" else 1 for char in self._text[self._place : place])
        self._place = place
        return self._units
