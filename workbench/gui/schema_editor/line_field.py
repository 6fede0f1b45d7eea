"""Fields on one line: names, titles, bounds, defaults; choices and switches."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.field_box import FieldBox
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.schema_editor.fields import Field
from workbench.viewmodels.schema_editor.shown_text import ShownText
from workbench.viewmodels.shared.plain import one_line

MAX_CHARS = 20_000
_CODE = ("name", "number", "literal")


class LineField(FieldBox):
    """A line of text. Names take effect on Enter or when the line loses the focus, everything else at once."""

    def __init__(self, field: Field, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__(field, editor, look, keys)
        self.line = _Line()
        self._shown = ShownText("")
        self.line.setProperty("face", "mono" if field.kind in _CODE or field.key == "pattern" else "")
        self.line.setPlaceholderText(field.hint if field.kind in ("line", "name") else "")
        self.line.textEdited.connect(self._on_typed)
        self.line.returnPressed.connect(self._on_finished)
        self.line.left.connect(self._on_left)
        keys.watch(self.line)
        self.build(self.line)
        self.take(field, is_fresh=True)

    def take(self, field: Field, *, is_fresh: bool) -> None:
        """Show the value; a name that is being typed stays until it is finished."""
        if not is_fresh and field.kind == "name" and self.line.hasFocus() and self.line.isModified():
            return
        is_long = len(field.value) > MAX_CHARS
        self.line.setReadOnly(is_long)
        self._show(field.value[:MAX_CHARS])
        self.line.setModified(False)
        if is_long:
            self.say(f"{len(field.value):,} characters are too long for this line. Edit them in the JSON.")

    def _show(self, text: str) -> None:
        self._shown = ShownText(text, one_line=True)
        if self.line.text() != self._shown.shown:
            place = self.line.cursorPosition()
            self.line.setText(self._shown.shown)
            self.line.setCursorPosition(place if self.line.hasFocus() else 0)

    def _on_typed(self, shown: str) -> None:
        raw = self._shown.edited(shown)
        if self.field.kind == "name":
            self._show(raw)
            self.line.setModified(True)
            self.say("" if raw else "a name is needed")
            return
        self.write(raw)
        self._show(raw)

    def _on_finished(self) -> None:
        if self.field.kind == "name" and self._shown.text != self.field.value:
            self.write(self._shown.text)
        elif self.field.kind != "name" and self.wrong.isHidden():
            self._show(self.field.value)

    def _on_left(self) -> None:
        """Revert a name that cannot be used; show a value as it was understood."""
        self._on_finished()
        if self.field.kind == "name" and not self.wrong.isHidden():
            self._show(self.field.value)
            self.say("")
        self.line.setModified(False)


class ChoiceField(FieldBox):
    """A choice of words."""

    def __init__(self, field: Field, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__(field, editor, look, keys)
        self.box = _Choice()
        self._options: tuple[tuple[str, str], ...] = ()
        self.box.activated.connect(lambda place: self.write(self._options[place][0]))
        keys.watch(self.box)
        self.build(self.box)
        self.take(field, is_fresh=True)

    def take(self, field: Field, *, is_fresh: bool) -> None:
        """Show the value."""
        if field.options != self._options:
            self._options = field.options
            self.box.clear()
            self.box.addItems([one_line(words, 40) for _, words in field.options])
        values = [value for value, _ in field.options]
        self.box.setCurrentIndex(values.index(field.value) if field.value in values else -1)


class FlagField(FieldBox):
    """Yes or no."""

    def __init__(self, field: Field, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__(field, editor, look, keys)
        self.box = QCheckBox(field.label)
        self.box.clicked.connect(lambda checked: self.write("true" if checked else "false"))
        keys.watch(self.box)
        self.build(self.box, has_head=False)
        self.take(field, is_fresh=True)

    def take(self, field: Field, *, is_fresh: bool) -> None:
        """Show the value."""
        self.box.setChecked(field.is_on)


class _Line(QLineEdit):
    left = Signal()

    # overrides of Qt

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter ends here; what is around the line never sees it."""
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class _Choice(ComboBox):
    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(7)
        self.setMaxVisibleItems(14)
        self.view().setAccessibleName("Choices")
