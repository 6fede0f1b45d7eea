"""Fields of several lines: descriptions with their words counted and compared, and JSON in place."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QToolButton

from workbench.app.lint.vendor_limits import MAX_DESCRIPTION
from workbench.gui.kit.diff_view import DiffView
from workbench.gui.kit.growing_text import GrowingText
from workbench.gui.kit.heat_strip import HeatStrip
from workbench.gui.kit.json_colors import JsonColors
from workbench.gui.kit.labels import label, plain_tip, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.raw_text import replace_text, text_of
from workbench.gui.kit.timers import delay
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.field_box import FieldBox
from workbench.viewmodels.schema_editor.comparison import words_changed
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.schema_editor.fields import Field
from workbench.viewmodels.schema_editor.shown_text import ShownText
from workbench.viewmodels.shared.plain import one_line

MAX_CHARS = 50_000
_COMPARE_MS = 150


class TextField(FieldBox):
    """A text that grows with what is in it. Tab goes to the next field."""

    least_lines = 2
    most_lines = 14

    def __init__(self, field: Field, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__(field, editor, look, keys)
        self.text = GrowingText(field.label, look, least=self.least_lines, most=self.most_lines)
        self._shown = ShownText("")
        self.text.setUndoRedoEnabled(False)
        self.text.setPlaceholderText(field.hint)
        self.text.textChanged.connect(self._on_typed)
        keys.watch(self.text)
        self.add_parts()
        self.take(field, is_fresh=True)

    def add_parts(self) -> None:
        """Put the parts together."""
        self.build(self.text)

    def after_change(self) -> None:
        """The text is another now."""

    def take(self, field: Field, *, is_fresh: bool) -> None:
        """Show the value."""
        is_long = len(field.value) > MAX_CHARS
        self.text.setReadOnly(is_long)
        self._show(field.value[:MAX_CHARS])
        if is_fresh:
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
        if is_long:
            self.say(f"{len(field.value):,} characters are too many for this field. Edit them in the JSON.")
        elif not self.is_writing:
            self.say("")

    @property
    def value(self) -> str:
        """The text as it is in the input."""
        return self._shown.text

    def _show(self, text: str) -> None:
        self._shown = ShownText(text)
        was_writing, self.is_writing = self.is_writing, True
        replace_text(self.text.document(), self._shown.shown)
        self.is_writing = was_writing
        self.after_change()

    def _on_typed(self) -> None:
        if self.is_writing:
            return
        raw = self._shown.edited(text_of(self.text.document()))
        self.write(raw)
        self._show(raw)


class DescriptionField(TextField):
    """What a model reads: about how many tokens it is, and word by word what changed since it was saved."""

    least_lines = 3

    def add_parts(self) -> None:
        """A count and a switch in the head, the comparison below."""
        self._count = label("", "hint")
        self._switch = QToolButton()
        self._switch.setProperty("role", "quiet")
        self._switch.setCheckable(True)
        self._switch.setAccessibleName("Show what changed, word by word")
        self._switch.toggled.connect(lambda _: self._compare())
        self._diff = DiffView(self.look, "Changes of the description", max_lines=10)
        self._timer = delay(self, _COMPARE_MS, self._compare)
        self.head.addWidget(self._switch)
        self.head.addWidget(self._count)
        self.heat = HeatStrip(self.look)
        self.build(self.text, self._diff, self.heat)
        self.keys.watch(self._switch)
        listen(self, self.editor.changed, self._timer.start)
        listen(self, self.editor.heats_read, self._show_heat)
        self.look.follow(self, self._take_look)
        self._take_look()
        self._compare()

    def _take_look(self) -> None:
        self._switch.setFixedHeight(self.look.px(20))

    def after_change(self) -> None:
        """Count at once, compare after a pause."""
        tokens, length = self.editor.tokens_of(self.value), len(self.value)
        over = f" · {length:,} of {MAX_DESCRIPTION:,} characters" if length > MAX_DESCRIPTION else ""
        self._count.setText(f"≈ {tokens} token{'' if tokens == 1 else 's'}{over}" if tokens else "")
        set_role(self._count, "tone", "warn" if over else "")
        self._timer.start()

    def _compare(self) -> None:
        pieces = self.editor.description_pieces(self.field.path, self.value)
        words = words_changed(pieces)
        base, is_usual = self.editor.bases.chosen, self.editor.bases.is_first
        self._switch.setText(words if is_usual or not words else f"{words} · {one_line(base.words, 40)}")
        self._switch.setVisible(bool(words))
        self._switch.setToolTip(plain_tip(f"Word by word, against {base.words}. “Changes” (Alt+4) compares all."))
        is_shown = bool(words) and self._switch.isChecked()
        self._diff.setVisible(is_shown)
        if is_shown:
            self._diff.show_pieces(pieces)
        self._show_heat()

    def _show_heat(self) -> None:
        self.heat.show_heat(self.editor.description_heat(self.field.path, self.value))


class JsonField(TextField):
    """JSON in place, for what the form has no field for."""

    most_lines = 24

    def add_parts(self) -> None:
        """The hint as a line, because there is no room for a placeholder."""
        self.text.setProperty("face", "mono")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setPlaceholderText("")
        self._colors = JsonColors(self.text.document(), self.look)
        hint = label(self.field.hint, "hint")
        self.head.addWidget(hint, 0, Qt.AlignmentFlag.AlignRight)
        self.build(self.text)
