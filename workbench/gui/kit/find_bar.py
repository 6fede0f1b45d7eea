"""Finding in a text or a JSON tree: a bar that Ctrl+F opens and Esc closes."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from workbench.gui.kit.find_row import FindRow
from workbench.gui.kit.json_tree_view import JsonTreeView
from workbench.gui.kit.json_view import JsonView
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look


class FindBar(FindRow):
    """Enter finds the next, Shift+Enter the one before, wrapping around."""

    def __init__(self, view: QPlainTextEdit | JsonView, look: Look, words: str = "Find in the JSON") -> None:
        super().__init__(words, look)
        self._view = view
        self.line.textChanged.connect(lambda _: self._find_from_here())
        if isinstance(view, JsonView):
            for form in view.forms:
                self._listen_to(form)
            view.form_made.connect(self._listen_to)

    def _listen_to(self, form: QWidget) -> None:
        if isinstance(form, JsonTreeView):
            listen(self, form.finder.changed, self._show_count)

    def look_in(self, view: QPlainTextEdit | JsonView) -> None:
        """Search another view from now on."""
        is_other, self._view = view is not self._view, view
        if self.isVisible() and is_other:
            self._find_from_here()

    def open(self) -> None:
        """Show the bar and search for the selected text."""
        body = self._body
        selected = body.textCursor().selectedText() if isinstance(body, QPlainTextEdit) else ""
        self.show()
        if selected and "\u2029" not in selected:
            self.line.setText(selected)
        self.line.setFocus()
        self.line.selectAll()
        self._find_from_here()

    def put_away(self) -> None:
        """Hide the bar and go back to the text."""
        self.hide()
        for form in self._view.forms if isinstance(self._view, JsonView) else ():
            if isinstance(form, JsonTreeView):
                form.finder.look_for(None)
        self._view.setFocus()

    def step(self, by: int) -> None:
        """Go to the next match (1) or the one before (-1)."""
        body = self._body
        if isinstance(body, JsonTreeView):
            body.finder.step(by)
        else:
            self._step_in_text(body, by)

    @property
    def _body(self) -> QPlainTextEdit | JsonTreeView:
        return self._view.body if isinstance(self._view, JsonView) else self._view

    def _step_in_text(self, text: QPlainTextEdit, by: int) -> None:
        words = self.line.text()
        flag = QTextDocument.FindFlag.FindBackward if by < 0 else QTextDocument.FindFlag(0)
        found = text.document().find(words, text.textCursor(), flag) if words else QTextCursor()
        if found.isNull() and words:
            corner = QTextCursor(text.document())
            if by < 0:
                corner.movePosition(QTextCursor.MoveOperation.End)
            found = text.document().find(words, corner, flag)
        if not found.isNull():
            text.setTextCursor(found)
            text.ensureCursorVisible()
        self._show_count()

    def _find_from_here(self) -> None:
        body = self._body
        if isinstance(body, JsonTreeView):
            body.finder.look_for_words(self.line.text())
            return
        cursor = body.textCursor()
        cursor.setPosition(cursor.selectionStart())
        body.setTextCursor(cursor)
        self._step_in_text(body, 1)

    def _show_count(self) -> None:
        body = self._body
        if isinstance(body, JsonTreeView):
            self.count.setText(body.finder.count_words)
            return
        words = self.line.text().casefold()
        count = body.toPlainText().casefold().count(words) if words else 0
        self.count.setText(f"{count} found" if words else "")


class JsonPane(QWidget):
    """The JSON view with its find bar."""

    def __init__(self, text: QPlainTextEdit, look: Look) -> None:
        super().__init__()
        self.bar = FindBar(text, look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(text, 1)
        for keys, act in (
            ("Ctrl+F", self.bar.open),
            ("F3", lambda: self.bar.step(1)),
            ("Shift+F3", lambda: self.bar.step(-1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
