"""One field of the form: its label, its input, and what is wrong with what was typed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.gui.kit.labels import label, plain_tip, set_role
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.schema_editor.fields import Field
from workbench.viewmodels.shared.plain import one_line


class FieldBox(QWidget):
    """What all fields have. The input is not refreshed while the user types."""

    def __init__(self, field: Field, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__()
        self.field = field
        self.editor = editor
        self.look = look
        self.keys = keys
        self.is_writing = False
        self.control: QWidget = self
        """The input itself."""
        self.caption = label(field.label, "caption")
        self.head = QHBoxLayout()
        self.head.setContentsMargins(0, 0, 0, 0)
        self.head.setSpacing(8)
        self.head.addWidget(self.caption)
        self.head.addStretch(1)
        self.wrong: QLabel = label("", "hint", wraps=True)
        self.wrong.setProperty("tone", "error")
        self.wrong.hide()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)
        self.column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def build(self, *inputs: QWidget, has_head: bool = True) -> None:
        """Lay out the parts; the label gives the focus to the first input."""
        if has_head:
            self.column.addLayout(self.head)
            self.caption.setBuddy(inputs[0])
        else:
            self.caption.hide()
        for widget in inputs:
            self.column.addWidget(widget)
        self.column.addWidget(self.wrong)
        self.control = inputs[0]
        self._describe()

    def show_field(self, field: Field, *, is_fresh: bool) -> None:
        """Show the field as the document has it now; `is_fresh` when it belongs to another row."""
        self.field = field
        if is_fresh:
            self.say("")
            self._describe()
        if is_fresh or not self.is_writing:
            self.take(field, is_fresh=is_fresh)

    def take(self, field: Field, *, is_fresh: bool) -> None:
        """Show the field's value in the input."""
        raise NotImplementedError

    def write(self, raw: str) -> bool:
        """Put this into the document; whether it fits."""
        self.is_writing = True
        try:
            wrong = self.editor.write_field(self.field, raw)
        finally:
            self.is_writing = False
        self.say(wrong)
        return not wrong

    def say(self, wrong: str) -> None:
        """Say what is wrong, or nothing."""
        self.wrong.setText(f"✗ {one_line(wrong, 300)}" if wrong else "")
        self.wrong.setVisible(bool(wrong))
        set_role(self.control, "tone", "error" if wrong else "")
        self.control.setAccessibleDescription(wrong or self.field.hint)

    def _describe(self) -> None:
        row = self.editor.form.row
        self.control.setAccessibleName(f"{self.field.label} of {one_line(row.name, 60)}")
        self.control.setAccessibleDescription(self.field.hint)
        self.control.setToolTip(plain_tip(self.field.hint))
