"""Marks in a JSON view: in its rows, or in its text while that is shown."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect

from workbench.gui.kit.json_tree_view import JsonTreeView
from workbench.gui.kit.json_view import JsonView
from workbench.gui.look.look import Look
from workbench.gui.search.text_marks import TextMarks, TextSpan


class JsonMarks(QObject):
    """As `TextMarks`; the rows find their own places, which are counted in the same order."""

    def __init__(self, view: JsonView, look: Look, spans: Callable[[str], list[TextSpan]]) -> None:
        super().__init__(view)
        self._view = view
        self._spans = spans
        self._text = TextMarks(view.text, look, spans)

    def show(self, nth: int = -1) -> None:
        """Mark every place, the nth one as the current one."""
        if isinstance(self._view.body, JsonTreeView):
            self._view.rows.finder.look_for(self._spans, nth)
        else:
            self._text.show(nth)

    @property
    def current_rect(self) -> QRect | None:
        """Where the current place is in the view; the view itself has scrolled to it."""
        rows = self._view.body
        if not isinstance(rows, JsonTreeView):
            return self._text.current_rect
        return rows.visualRect(rows.currentIndex()) if rows.finder.current is not None else None
