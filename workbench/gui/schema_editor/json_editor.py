"""The JSON view: the tool's text itself."""

from PySide6.QtCore import QKeyCombination, QMimeData, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QTextCursor

from workbench.core.lint.finding import Severity
from workbench.gui.kit.listening import listen
from workbench.gui.kit.raw_text import characters, replace_text, text_of, units
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.code_view import CodeMark, CodeView
from workbench.viewmodels.imports.import_form import holds_foreign_tools
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.schema_editor.shown_text import ShownText
from workbench.viewmodels.shared.plain import clipped

MAX_CHARS = 1_000_000
MAX_LINE = 20_000
_SHOWN_OF_LONG = 20_000
_SIGNS: dict[Severity, tuple[str, str]] = {"error": ("error", "✗"), "warning": ("warn", "▲"), "note": ("accent", "•")}
_UNIT = "  "
_PASTE_AS_IT_IS = QKeyCombination(Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_V)


class JsonEditor(CodeView):
    """Shows and edits the document; a text too long for that is shown in part, and left alone."""

    place_changed = Signal(str)
    """The person put the cursor at this JSON pointer."""
    tools_pasted = Signal(str)
    """A text was pasted that holds tools, and would make no tool where it was pasted."""

    def __init__(self, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__(look, "JSON of the tool")
        self._editor = editor
        self._shown = ShownText("")
        self._is_writing = False
        keys.watch(self)
        self._show_text()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.textChanged.connect(self._on_typed)
        self.cursorPositionChanged.connect(self._tell_place)
        listen(self, editor.changed, self._show_text)
        listen(self, editor.problems.changed, self._show_problems)
        self._show_problems()

    @property
    def is_too_long(self) -> bool:
        """Whether the text is only shown in part, because Qt would choke on the whole of it."""
        text = self._editor.document.text
        return len(text) > MAX_CHARS or any(len(line) > MAX_LINE for line in text.split("\n"))

    def go_to(self, start: int, end: int) -> None:
        """Select characters `start` to `end` of the text."""
        shown = self._shown
        first, last = (units(shown.shown, shown.to_shown(place)) for place in (start, max(start, end)))
        self.select_range(first, last)

    def go_to_place(self, path: str) -> None:
        """Put the cursor at what a JSON pointer leads to."""
        node = self._editor.document.places.node(path)
        if node is not None and path:
            end = node.key_end if node.key_end > 0 else node.start + 1
            self.go_to(node.begin, end)

    def _show_text(self) -> None:
        """The document changed; what was typed here is already in it, unless it has to be spelled out."""
        text = self._editor.document.text
        self.setReadOnly(self.is_too_long)
        self._shown = ShownText(clipped(text, _SHOWN_OF_LONG) if self.is_too_long else text)
        was_writing, self._is_writing = self._is_writing, True
        end = replace_text(self.document(), self._shown.shown)
        self._is_writing = was_writing
        if end is not None and not was_writing:
            cursor = self.textCursor()
            cursor.setPosition(min(end, self.document().characterCount() - 1))
            self.setTextCursor(cursor)

    def _on_typed(self) -> None:
        if self._is_writing or self.is_too_long:
            return
        self._is_writing = True
        self._editor.write_text(self._shown.edited(text_of(self.document())))
        self._is_writing = False

    def _tell_place(self) -> None:
        if self.hasFocus() and not self._is_writing and not self._editor.document.is_broken:
            offset = self._shown.to_text(characters(self._shown.shown, self.textCursor().position()))
            self.place_changed.emit(self._editor.document.places.pointer_at(offset))

    def _show_problems(self) -> None:
        shown, marks = self._shown, []
        for problem in self._editor.problems.items if not self.is_too_long else ():
            token, sign = _SIGNS[problem.severity]
            start = units(shown.shown, shown.to_shown(problem.start))
            end = units(shown.shown, shown.to_shown(problem.end))
            marks.append(CodeMark(start, end, token, sign, problem.message))
        self.show_marks(marks)

    def _indent(self, by: int) -> None:
        """Shift the selected lines by one step."""
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart())
        last = self.document().findBlock(max(cursor.selectionStart(), cursor.selectionEnd() - 1))
        edit = QTextCursor(first)
        edit.beginEditBlock()
        for number in range(first.blockNumber(), last.blockNumber() + 1):
            block = self.document().findBlockByNumber(number)
            edit.setPosition(block.position())
            if by > 0:
                edit.insertText(_UNIT)
            elif block.text().startswith(_UNIT):
                edit.setPosition(block.position() + len(_UNIT), QTextCursor.MoveMode.KeepAnchor)
                edit.removeSelectedText()
        edit.endEditBlock()

    def _break_line(self) -> None:
        """A new line as deep as this one, one step deeper behind a bracket."""
        cursor = self.textCursor()
        line = cursor.block().text()
        before, after = line[: cursor.positionInBlock()], line[cursor.positionInBlock() :]
        indent = before[: len(before) - len(before.lstrip(" \t"))]
        is_open = before.rstrip().endswith(("{", "["))
        is_pair = is_open and after.lstrip().startswith(("}", "]"))
        begin = f"\n{indent}{_UNIT if is_open else ''}"
        start = cursor.selectionStart()
        cursor.insertText(f"{begin}\n{indent}" if is_pair else begin)
        cursor.setPosition(start + len(begin))
        self.setTextCursor(cursor)

    # overrides of Qt

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Other programs' tools are offered for conversion; Ctrl+Shift+V pastes any text as it is."""
        is_whole = self.textCursor().selectedText().strip() == self.toPlainText().replace("\n", "\u2029").strip()
        if not self.isReadOnly() and holds_foreign_tools(source.text(), is_whole=is_whole):
            self.tools_pasted.emit(source.text())
        else:
            super().insertFromMimeData(source)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        has_control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if self.isReadOnly():
            super().keyPressEvent(event)
        elif event.keyCombination() == _PASTE_AS_IT_IS:
            super().insertFromMimeData(QGuiApplication.clipboard().mimeData())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._break_line()
        elif has_control and event.key() in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self._indent(1 if event.key() == Qt.Key.Key_BracketRight else -1)
        else:
            super().keyPressEvent(event)
