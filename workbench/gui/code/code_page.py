"""A code file in a tab: edited here, saved only on purpose."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QHideEvent, QKeyEvent, QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.python_stub import MISSING_BODY
from workbench.gui.code.code_colors import CodeColors
from workbench.gui.kit.file_watch import FileWatch
from workbench.gui.kit.find_bar import FindBar
from workbench.gui.kit.icon_button import icon_button
from workbench.gui.kit.labels import ElidedLabel, label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.raw_text import replace_text, text_of
from workbench.gui.kit.undo_keys import UndoKeys, show_undo
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.code_view import CodeView
from workbench.gui.schema_editor.editor_header import STANDINGS
from workbench.gui.schema_editor.file_banner import FileBanner
from workbench.viewmodels.code.code_file import CodeFile
from workbench.viewmodels.schema_editor.shown_text import ShownText

_UNIT = "    "


class CodeEditor(CodeView):
    """Tab indents, Enter keeps the indentation, Shift+Tab removes it or leaves the text."""

    def __init__(self, code: CodeFile, look: Look, keys: UndoKeys) -> None:
        path = code.file.file.path
        super().__init__(look, f"Code of {path.name}", colors=partial(CodeColors, suffix=path.suffix))
        self._code = code
        self._shown = ShownText("")
        self._is_writing = False
        self.setTabChangesFocus(False)
        keys.watch(self)
        self.show_text()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.textChanged.connect(self._on_typed)
        listen(self, code.changed, self.show_text)

    def show_text(self) -> None:
        """Show the text as it is now; what was typed here is already in it."""
        self._shown = ShownText(self._code.document.text)
        was_writing, self._is_writing = self._is_writing, True
        replace_text(self.document(), self._shown.shown)
        self._is_writing = was_writing

    def _on_typed(self) -> None:
        if not self._is_writing:
            self._is_writing = True
            self._code.write(self._shown.edited(text_of(self.document())))
            self._is_writing = False

    def _indent(self) -> str:
        line = self.textCursor().block().text()[: self.textCursor().positionInBlock()]
        own = line[: len(line) - len(line.lstrip(" "))]
        return own + (_UNIT if line.rstrip().endswith((":", "(", "[", "{")) else "")

    def _shift(self, by: int) -> bool:
        """Indent or unindent the selected lines; return whether there was something to do."""
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart())
        last = self.document().findBlock(cursor.selectionEnd())
        has_done = False
        cursor.beginEditBlock()
        block = first
        while block.isValid() and block.blockNumber() <= last.blockNumber():
            line = QTextCursor(block)
            room = len(block.text()) - len(block.text().lstrip(" "))
            if by > 0:
                line.insertText(_UNIT)
                has_done = True
            elif room:
                line.movePosition(
                    QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, min(room, len(_UNIT))
                )
                line.removeSelectedText()
                has_done = True
            block = block.next()
        cursor.endEditBlock()
        return has_done

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        cursor = self.textCursor()
        match event.key():
            case Qt.Key.Key_Tab if cursor.hasSelection():
                self._shift(1)
            case Qt.Key.Key_Tab:
                cursor.insertText(_UNIT[cursor.positionInBlock() % len(_UNIT) :])
            case Qt.Key.Key_Backtab:
                if not self._shift(-1):
                    self.focusPreviousChild()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.modifiers():
                cursor.insertText(f"\n{self._indent()}")
                self.ensureCursorVisible()
            case _:
                super().keyPressEvent(event)


class CodePage(QWidget):
    """The text, its saved state, and what saving means for trust."""

    title_changed = Signal()
    written = Signal()
    """The file has changed."""

    def __init__(self, code: CodeFile, look: Look) -> None:
        super().__init__()
        self.code = code
        self._look = look
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._keys = UndoKeys(code.undo, code.redo, self)
        self.editor = CodeEditor(code, look, self._keys)
        self.find_bar = FindBar(self.editor, look, "Find in the code")
        self.banner = FileBanner(code)
        self._watch = FileWatch(self.path, code.file.look_at_disk, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._header(), self.banner, self.find_bar):
            column.addWidget(part)
        column.addWidget(self.editor, 1)
        self.find_bar.hide()
        for keys, act in (
            ("Ctrl+S", self.save),
            ("Ctrl+F", self.find_bar.open),
            ("F3", lambda: self.find_bar.step(1)),
            ("Shift+F3", lambda: self.find_bar.step(-1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        listen(self, code.changed, self.refresh)
        listen(self, code.file.changed, self.refresh)
        listen(self, code.file.written, self.written.emit)
        self.refresh()

    @property
    def path(self) -> Path:
        """The file."""
        return self.code.file.file.path

    @property
    def title(self) -> str:
        """The tab's title; a dot says that the text is not saved."""
        return f"{self.path.name}{' ●' if self.code.file.is_dirty else ''}"

    def save(self) -> None:
        """Save at the person's request."""
        self.code.save()
        self.refresh()

    def go_to_line(self, line: int) -> None:
        """Put the cursor on a line, counted from 1."""
        block = self.editor.document().findBlockByNumber(max(0, line - 1))
        self.editor.setTextCursor(QTextCursor(block))
        self.editor.centerCursor()
        self.editor.setFocus()

    def select_missing_body(self) -> None:
        """Select what stands for a body below the cursor, so that typing replaces it."""
        found = self.editor.document().find(MISSING_BODY, self.editor.textCursor())
        if not found.isNull():
            found.setPosition(found.selectionStart())
            found.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            self.editor.setTextCursor(found)
            self.editor.setFocus()

    def refresh(self) -> None:
        """Show the saved state, the undo steps, and what saving means."""
        words, tone = STANDINGS[self.code.file.standing]
        self._standing.setText(words)
        set_role(self._standing, "tone", tone)
        self._trust.setText(self.code.trust_words)
        self.save_button.setEnabled(self.code.file.is_dirty)
        show_undo(self.undo, self.redo, self.code.document.history)
        self.title_changed.emit()

    def _header(self) -> QFrame:
        header = QFrame()
        header.setProperty("role", "dock-header")
        self._standing = label("", "hint")
        self._trust = ElidedLabel("", "hint")
        self.undo = icon_button("undo", self.code.undo, self._look)
        self.redo = icon_button("redo", self.code.redo, self._look)
        elsewhere = action_button("Open in your editor", "Open the file in your own editor", self._open_elsewhere)
        self.save_button = action_button("Save  Ctrl+S", "Save the file", self.save, role="primary")
        row = QHBoxLayout(header)
        row.setContentsMargins(20, 4, 10, 4)
        row.setSpacing(6)
        row.addWidget(self._trust, 1)
        row.addWidget(self._standing)
        row.addSpacing(6)
        for button in (self.undo, self.redo, elsewhere, self.save_button):
            row.addWidget(button)
        return header

    def _open_elsewhere(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path)))

    # overrides of Qt

    def hideEvent(self, event: QHideEvent) -> None:
        """The tab is left or closed: unsaved text is kept as a draft, and never run."""
        super().hideEvent(event)
        self.code.keep()
