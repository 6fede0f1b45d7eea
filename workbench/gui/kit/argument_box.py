"""One argument: its name, its description, an input, and the input's problem."""

from typing import assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.growing_text import GrowingText
from workbench.gui.kit.labels import label, set_role
from workbench.gui.look.look import Look
from workbench.viewmodels.schema_editor.argument_field import ArgumentField
from workbench.viewmodels.shared.plain import one_line, visible

_KINDS = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "choice": "one of",
    "list": "list, one item a line",
    "group": "object",
    "json": "JSON",
}
_NOT_GIVEN = "—"


class ArgumentBox(QWidget):
    """Emits what is typed. It shows its field's value from when it was created, or from `show_value`."""

    typed = Signal(str)

    def __init__(self, field: ArgumentField, look: Look) -> None:
        super().__init__()
        self.field = field
        self._name = f"Argument {one_line(field.path.removeprefix('/'), 80)}"
        self._problem = label("", "hint", wraps=True)
        self._problem.setProperty("tone", "error")
        self._shown = field.text
        self.typed.connect(self._keep)
        self.input: QWidget = self._make_input(look)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(one_line(field.name, 60), "mono-strong"))
        wanted = f"{_KINDS[field.kind]} · required" if field.is_required else _KINDS[field.kind]
        head.addWidget(label(wanted, "hint"), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        if field.description:
            column.addWidget(label(one_line(field.description, 400), "muted", wraps=True))
        if field.kind != "group":
            column.addWidget(self.input)
        column.addWidget(self._problem)
        self.show_problem("")

    def show_value(self) -> None:
        """Show its field's current value, if that was edited elsewhere."""
        text = self.field.text
        if text == self._shown:
            return
        self._shown = text
        match self.input:
            case ChoiceBox():
                self.input.setCurrentIndex(self.input.findData(text))
            case QLineEdit():
                self.input.setText(text)
            case GrowingText():
                self.input.setPlainText(text)
            case _:
                pass

    def show_problem(self, words: str) -> None:
        """Show the problem; an empty text if there is none."""
        self._problem.setText(visible(f"✗ {words}") if words else "")
        self._problem.setVisible(bool(words))
        set_role(self.input, "tone", "error" if words else "")
        self.input.setAccessibleDescription(words)

    def _keep(self, text: str) -> None:
        self._shown = text

    def _make_input(self, look: Look) -> QWidget:
        field = self.field
        match field.kind:
            case "group":
                return QWidget(self)
            case "boolean" | "choice":
                choices = ("true", "false") if field.kind == "boolean" else field.choices
                box = ChoiceBox(self._name)
                box.show_choices([("", _NOT_GIVEN), *((one, one_line(one, 80)) for one in choices)], field.text)
                box.picked.connect(self.typed)
                return box
            case "number" | "integer":
                line = QLineEdit(field.text)
                line.setAccessibleName(self._name)
                line.setPlaceholderText(visible(field.hint))
                line.textEdited.connect(self.typed)
                return line
            case "string" | "list" | "json":
                is_json = field.kind == "json"
                text = GrowingText(self._name, look, least=2 if field.kind in ("json", "list") else 1, is_json=is_json)
                text.setPlaceholderText(visible(field.hint))
                text.setPlainText(field.text)
                text.textChanged.connect(lambda: self.typed.emit(text.toPlainText()))
                return text
            case _:
                assert_never(field.kind)
