"""One input with its name above it: a line, a text that grows, or JSON."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from workbench.gui.kit.growing_text import GrowingText
from workbench.gui.kit.labels import label, plain_tip, set_role
from workbench.gui.kit.raw_text import replace_text, text_of
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.viewmodels.schema_editor.shown_text import ShownText

MAX_CHARS = 50_000


class ValueField(QWidget):
    """Text from files is shown with its hidden characters spelled out. It emits what is typed; `show_value` shows
    the value and its problem."""

    typed = Signal(str)
    reset_asked = Signal()
    left = Signal()
    """The field lost the focus, or Enter was pressed in a line."""

    def __init__(
        self, title: str, look: Look, *, lines: int = 1, most_lines: int = 12, is_json: bool = False, reset: str = ""
    ) -> None:
        """`lines` is the least number of lines; `reset` is the spoken name of the reset button."""
        super().__init__()
        self._shown = ShownText("")
        self._is_showing = False
        self.setProperty("role", "clear")
        self.own = label("", "hint")
        self.reset = QPushButton("Reset")
        self.reset.setProperty("role", "link")
        self.reset.setAccessibleName(reset or f"Reset {title.casefold()}")
        self.reset.clicked.connect(self.reset_asked)
        self.reset.hide()
        self.control: QLineEdit | QPlainTextEdit = (
            GrowingText(title, look, least=lines, most=most_lines, is_json=is_json) if lines > 1 else self._line()
        )
        self.control.setAccessibleName(title)
        self.control.installEventFilter(self)
        if isinstance(self.control, QPlainTextEdit):
            text = self.control
            text.setUndoRedoEnabled(False)
            text.textChanged.connect(lambda: self._on_typed(text_of(text.document())))
        self.problem = label("", "hint", wraps=True)
        self.caption = label(title, "caption")
        head = QHBoxLayout()
        head.setSpacing(8)
        for part in (self.caption, self.own, self.reset):
            head.addWidget(part)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(self.control)
        column.addWidget(self.problem)

    def describe(self, about: str, placeholder: str = "") -> None:
        """What the value does, for those who ask; what the field shows while it is empty."""
        self.control.setToolTip(plain_tip(about))
        self.control.setAccessibleDescription(about)
        self.control.setPlaceholderText(placeholder)

    def offer(self, words: Sequence[str], name: str) -> None:
        """Suggest these while a line is typed; `name` is the list's screen-reader name."""
        assert isinstance(self.control, QLineEdit)
        completer = QCompleter(list(words), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = completer.popup()
        if popup is not None:
            popup.setAccessibleName(name)
        self.control.setCompleter(completer)
        completer.activated.connect(lambda word: self.typed.emit(str(word)))

    def watch(self, keys: UndoKeys) -> None:
        """Undo in this field is the page's Undo."""
        keys.watch(self.control)

    def show_value(
        self, text: str, *, problem: str = "", note: str = "", mark: str = "", can_edit: bool = True
    ) -> None:
        """Show the current value without disturbing what is being typed. `mark` is shown beside the title, with a reset
        button."""
        is_long = len(text) > MAX_CHARS
        self.control.setReadOnly(is_long or not can_edit)
        self._show(text[:MAX_CHARS])
        if is_long:
            problem = f"{len(text):,} characters are too many for this field. Edit them in the file."
        self.problem.setText(problem or note)
        self.problem.setVisible(bool(problem or note))
        set_role(self.problem, "tone", "error" if problem else "warn")
        set_role(self.control, "tone", "error" if problem else "")
        self.own.setText(mark)
        self.own.setVisible(bool(mark))
        self.reset.setVisible(bool(mark))

    def _line(self) -> QLineEdit:
        line = QLineEdit()
        line.textEdited.connect(self._on_typed)
        line.returnPressed.connect(self.left)
        return line

    def _show(self, text: str) -> None:
        if text == self._shown.text and self._is_same():
            return
        self._shown = ShownText(text, one_line=isinstance(self.control, QLineEdit))
        self._is_showing = True
        if isinstance(self.control, QPlainTextEdit):
            replace_text(self.control.document(), self._shown.shown)
        else:
            place = self.control.cursorPosition()
            self.control.setText(self._shown.shown)
            self.control.setCursorPosition(min(place, len(self._shown.shown)))
        self._is_showing = False

    def _is_same(self) -> bool:
        shown = self.control.text() if isinstance(self.control, QLineEdit) else text_of(self.control.document())
        return shown == self._shown.shown

    def _on_typed(self, shown: str) -> None:
        if not self._is_showing:
            raw = self._shown.edited(shown)
            self._shown = ShownText(raw, one_line=isinstance(self.control, QLineEdit))
            self.typed.emit(raw)

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.control and event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return False
