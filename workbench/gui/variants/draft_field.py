"""One field of a variant: what a model would be given, whether that is the variant's own, and a way back."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from workbench.gui.kit.json_colors import JsonColors
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.raw_text import replace_text, text_of
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.viewmodels.schema_editor.shown_text import ShownText
from workbench.viewmodels.variants.variant_draft import Key, VariantDraft

_MOST_LINES = 12
MAX_CHARS = 50_000


class DraftField(QWidget):
    """A line, a text, or JSON. Text from files is shown with its hidden characters spelled out."""

    def __init__(self, key: Key, title: str, look: Look, *, lines: int = 1, is_json: bool = False) -> None:
        super().__init__()
        self.key = key
        self._title = title
        self._look = look
        self._least = lines
        self._draft: VariantDraft | None = None
        self._shown = ShownText("")
        self._is_showing = False
        self.setProperty("role", "clear")
        self.own = label("", "hint")
        self.reset = QPushButton("Reset")
        self.reset.setProperty("role", "link")
        self.reset.setAccessibleName(f"Revert to the project's {title.casefold()}")
        self.reset.clicked.connect(self._reset)
        self.control: QLineEdit | QPlainTextEdit
        if lines > 1:
            text = QPlainTextEdit()
            text.setProperty("role", "input")
            text.setTabChangesFocus(True)
            text.setUndoRedoEnabled(False)
            if is_json:
                text.setProperty("face", "mono")
                self._colors = JsonColors(text.document(), look)
            text.textChanged.connect(lambda: self._typed(text_of(text.document())))
            text.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
            self.control = text
        else:
            line = QLineEdit()
            line.textEdited.connect(self._typed)
            self.control = line
        self.control.setAccessibleName(title)
        self.problem = label("", "hint", wraps=True)
        self.problem.setProperty("tone", "error")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(title, "caption"))
        head.addWidget(self.own)
        head.addWidget(self.reset)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(self.control)
        column.addWidget(self.problem)
        listen(self, look.changed, self._fit)

    def watch(self, keys: UndoKeys) -> None:
        """Undo in this field is the variant's Undo."""
        keys.watch(self.control)

    def show_draft(self, draft: VariantDraft) -> None:
        """Show the draft's text as it is now; what is being typed is not disturbed."""
        self._draft = draft
        text = draft.text(self.key)
        is_long = len(text) > MAX_CHARS
        self.control.setReadOnly(is_long)
        self._show(text[:MAX_CHARS])
        problem = draft.problems.get(self.key, "")
        if is_long:
            problem = f"{len(text):,} characters are too many for this field. Edit them in the file."
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        set_role(self.control, "tone", "error" if problem else "")
        is_own = draft.is_own(self.key)
        is_own = is_own and self.key != "note"
        self.own.setText("● changed by this variant" if is_own else "")
        self.reset.setVisible(is_own or bool(problem))
        self._fit()

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

    def _typed(self, shown: str) -> None:
        if not self._is_showing and self._draft is not None:
            raw = self._shown.edited(shown)
            self._shown = ShownText(raw, one_line=isinstance(self.control, QLineEdit))
            self._draft.write(self.key, raw)

    def _reset(self) -> None:
        if self._draft is not None:
            self._draft.reset(self.key)

    def _fit(self) -> None:
        if isinstance(self.control, QPlainTextEdit):
            lines = min(max(int(self.control.document().size().height()), self._least), _MOST_LINES)
            self.control.setFixedHeight(lines * self.control.fontMetrics().lineSpacing() + self._look.px(20))
