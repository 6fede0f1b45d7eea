"""The rules in their order, and the form of one of them."""

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.condition_rows import ConditionRows
from workbench.gui.kit.field_grid import FieldGrid
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.viewmodels.rules.policy_form import ACTIONS, HINTS, NO_MATCH, PolicyForm

_WANTED = {"": None, "true": True, "false": False}
_COLUMNS = ("#", "Action", "Tool", "Arguments", "Annotations", "Server")


class PolicyPanel(QWidget):
    """Shows a `PolicyForm`."""

    def __init__(self, form: PolicyForm, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self._form = form
        self._tasks = tasks
        self._is_showing = False
        self.table = RowsTable("Approval rules", _COLUMNS, look, wide=3)
        self.table.chosen.connect(form.select)
        self.table.move_asked.connect(lambda step: self._start(form.move(step)))
        self.table.remove_asked.connect(lambda: self._start(form.remove()))
        self.hint = label("", "hint", wraps=True)
        self.warning = label("", "hint", wraps=True)
        self.warning.setProperty("tone", "warn")
        self.action = ComboBox()
        self.action.setAccessibleName("Rule action")
        self.action.view().setAccessibleName("Rule actions")
        for action, words in ACTIONS:
            self.action.addItem(words, action)
        self.action.currentIndexChanged.connect(self._take)
        self.tool = self._line("Tool", "name or glob, such as delete_*")
        self.conditions = ConditionRows(form.conditions, look, "It applies to any arguments.")
        self.conditions.entered.connect(lambda: self._start(form.save()))
        self.hints = {hint: self._hint(hint, words) for hint, words in HINTS}
        self.server = self._line("Server", "any, or a glob for an MCP server name")
        fields = QFormLayout()
        fields.setSpacing(8)
        fields.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        fields.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for words, field in (
            ("Do", self.action),
            ("Tool", self.tool),
            ("Arguments", self.conditions),
            ("Annotations", FieldGrid(tuple(self.hints.values()), look, most=2)),
            ("Server", self.server),
        ):
            fields.addRow(words, field)
        self.message = label("", "", wraps=True)
        self.add = action_button("New rule", "New rule", lambda: form.select(None))
        self.save = action_button("Save rule", "Save the rule", lambda: self._start(form.save()), role="primary")
        self.up = action_button("Up  Alt+↑", "Move the rule up", lambda: self._start(form.move(-1)))
        self.down = action_button("Down  Alt+↓", "Move the rule down", lambda: self._start(form.move(1)))
        self.remove = action_button("Delete  Del", "Delete the rule", lambda: self._start(form.remove()))
        self.undo = action_button("Undo", "Undo the last rule change", lambda: self._start(form.undo()))
        row, buttons = flow_row()
        for button in (self.save, self.add, self.up, self.down, self.remove, self.undo):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.warning)
        column.addWidget(self.table)
        column.addWidget(self.hint)
        column.addLayout(fields)
        column.addWidget(self.message)
        column.addWidget(row)
        self._refresh()
        listen(self, form.changed, self._refresh)
        look.follow(self, self._refresh)

    def _line(self, name: str, example: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(f"{name} of the rule")
        line.setPlaceholderText(example)
        line.textEdited.connect(self._take)
        line.returnPressed.connect(lambda: self._start(self._form.save()))
        return line

    def _hint(self, hint: str, words: str) -> ChoiceBox:
        box = ChoiceBox(f"Annotation: {words.lower()}")
        box.show_choices([("", f"{words}: any"), ("true", f"{words}: yes"), ("false", f"{words}: no")], "")
        box.setToolTip(f"{hint}. Tool authors write annotations, so they can make a rule ask or deny, not allow.")
        box.picked.connect(lambda value: self._form.change(self._form.draft.with_hint(hint, _WANTED[value])))
        return box

    def _take(self, *_: object) -> None:
        if not self._is_showing:
            draft, action = self._form.draft, self.action.currentData()
            self._form.change(replace(draft, tool=self.tool.text(), action=action, server=self.server.text()))

    def _start(self, work: Coroutine[Any, Any, bool]) -> None:
        self._tasks.start("rules", work)

    def _refresh(self) -> None:
        form, draft = self._form, self._form.draft
        silenced = form.silenced
        rows = [
            (
                f"{place + 1}",
                dict(ACTIONS)[line.rule.action],
                line.rule.tool,
                form.conditions_in_words(line.rule),
                ", ".join(f"{name} = {str(value).lower()}" for name, value in line.rule.annotations.items()),
                line.rule.server,
            )
            for place, line in enumerate(form.lines)
        ]
        self._is_showing = True
        try:
            self.table.show_rows(rows, form.selected)
            self.action.setCurrentIndex(self.action.findData(draft.action))
            for field, text in ((self.tool, draft.tool), (self.server, draft.server)):
                if field.text() != text:
                    field.setText(text)
            for hint, box in self.hints.items():
                box.setCurrentIndex(box.findData(str(dict(draft.annotations).get(hint, "")).lower()))
        finally:
            self._is_showing = False
        never = [
            f"⚠ Rule {later + 1} never applies: rule {earlier + 1} matches first."
            for later, earlier in silenced.items()
        ]
        self.hint.setText("\n".join([*never, NO_MATCH]))
        self.warning.setText(form.warning)
        self.warning.setVisible(bool(form.warning))
        problem = next(iter(form.draft_problems), "")
        self.message.setText(problem or form.message)
        self.message.setVisible(bool(self.message.text()))
        set_role(self.message, "tone", "error" if problem or not form.is_good else "ok")
        is_known = form.selected is not None
        self.save.setText("Save rule" if is_known else "Add rule")
        self.save.setEnabled(not problem)
        self.up.setEnabled(bool(form.selected))
        self.down.setEnabled(is_known and form.selected != len(form.lines) - 1)
        self.remove.setEnabled(is_known)
        self.undo.setEnabled(form.can_undo)
