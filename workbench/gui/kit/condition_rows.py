"""Conditions on arguments, one a row: an argument, how it is compared, and a value that suits both."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.look.look import Look
from workbench.viewmodels.rules.condition_list import ConditionList
from workbench.viewmodels.shared.plain import one_line, visible

_OTHER = "\0other"


class ConditionRows(QWidget):
    """Shows a `ConditionList`. Enter in a value is told."""

    entered = Signal()

    def __init__(self, conditions: ConditionList, look: Look, empty: str) -> None:
        """`empty` says what no condition at all means."""
        super().__init__()
        self._conditions = conditions
        self._look = look
        self._shape: object = None
        self.rows: list[ConditionRow] = []
        self.setProperty("role", "clear")
        self._empty = label(empty, "hint")
        self.add = action_button("Add a condition", "Add a condition on an argument", self._add)
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        foot, parts = flow_row()
        parts.addWidget(self.add)
        parts.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._column)
        column.addWidget(foot)
        listen(self, conditions.changed, self._refresh)
        self._refresh()

    def _add(self) -> None:
        self._conditions.add()
        self.rows[-1].name.setFocus()

    def _refresh(self) -> None:
        conditions = self._conditions
        shape = (
            conditions.names,
            [(one.name, one.operator, conditions.choices(place)) for place, one in enumerate(conditions.drafts)],
        )
        if shape != self._shape:
            self._shape = shape
            self._build()
        self._empty.setVisible(not conditions.drafts)
        for row in self.rows:
            row.refresh()

    def _build(self) -> None:
        focus = next(((row.place, row.part_with_focus()) for row in self.rows if row.part_with_focus()), None)
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [ConditionRow(self._conditions, place, self._look) for place in range(len(self._conditions.drafts))]
        for row in self.rows:
            row.value_entered.connect(self.entered)
            self._column.addWidget(row)
            row.show()
        for above, below in zip(self.rows, self.rows[1:], strict=False):
            QWidget.setTabOrder(above, below)
        if focus is not None and focus[0] < len(self.rows):
            self.rows[focus[0]].focus_part(focus[1])


class ConditionRow(QWidget):
    """One condition. It is made again when its argument or its comparison changes."""

    value_entered = Signal()

    def __init__(self, conditions: ConditionList, place: int, look: Look) -> None:
        super().__init__()
        self._conditions = conditions
        self.place = place
        self.setProperty("role", "clear")
        number = f"of condition {place + 1}"
        draft = conditions.drafts[place]
        self.name = ChoiceBox(f"Argument {number}")
        self.name.show_choices([*conditions.names, (_OTHER, "Another argument…")], draft.name)
        self.name.picked.connect(self._pick_name)
        self.other = QLineEdit(draft.name)
        self.other.setAccessibleName(f"Name of the argument {number}")
        self.other.setPlaceholderText("name, or /path/to/it")
        self.other.setVisible(not draft.name)
        self.other.editingFinished.connect(self._take_other)
        self.operator = ChoiceBox(f"Comparison {number}")
        self.operator.show_choices(conditions.operators(draft.name), draft.operator)
        self.operator.picked.connect(lambda one: conditions.change(self.place, operator=one))
        self.value = self._value(number)
        self.gone = QToolButton()
        self.gone.setText("✕")
        self.gone.setAccessibleName(f"Remove condition {place + 1}")
        self.gone.setToolTip("Remove this condition")
        self.gone.clicked.connect(lambda: conditions.remove(self.place))
        self.problem = label("", "hint", wraps=True)
        self.problem.setProperty("tone", "error")
        row = QHBoxLayout()
        row.setSpacing(6)
        for box in (self.name, self.operator):
            box.setMinimumWidth(look.px(120))
        row.addWidget(self.name, 2)
        row.addWidget(self.other, 2)
        row.addWidget(self.operator, 1)
        row.addWidget(self.value, 4)
        row.addWidget(self.gone)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.problem)

    def refresh(self) -> None:
        """Show the text and what is wrong with it."""
        draft = self._conditions.drafts[self.place]
        if isinstance(self.value, QLineEdit) and self.value.text() != draft.text:
            self.value.setText(draft.text)
        elif isinstance(self.value, ChoiceBox):
            self.value.setCurrentIndex(self.value.findData(draft.text))
        for box in self.value.findChildren(QCheckBox):
            box.setChecked(box.property("value") in self._conditions.checked(self.place))
        words = self._conditions.problems.get(self.place, "") if draft.text else ""
        self.problem.setText(visible(f"✗ {words}") if words else "")
        self.problem.setVisible(bool(words))
        set_role(self.value, "tone", "error" if words else "")
        self.value.setAccessibleDescription(words)

    def part_with_focus(self) -> str:
        """Which part has the focus; empty when none has."""
        focused = self.window().focusWidget()
        parts = {"name": self.name, "operator": self.operator, "value": self.value, "other": self.other}
        return next((name for name, part in parts.items() if part is focused), "")

    def focus_part(self, part: str) -> None:
        """Give the focus back, or to the name when there is no such part anymore."""
        found = {"operator": self.operator, "value": self.value, "other": self.other}.get(part, self.name)
        (found if not found.isHidden() else self.name).setFocus()

    def _value(self, number: str) -> QWidget:
        conditions, place = self._conditions, self.place
        match conditions.value_input(place):
            case "none":
                return QWidget()
            case "choice":
                box = ChoiceBox(f"Value {number}")
                box.show_choices([(one, one_line(one, 60)) for one in conditions.choices(place)], "")
                box.picked.connect(lambda text: conditions.change(place, text=text))
                return box
            case "checks":
                widget, row = flow_row()
                for choice in conditions.choices(place):
                    check = QCheckBox(one_line(choice, 40).replace("&", "&&"))
                    check.setProperty("value", choice)
                    check.setAccessibleName(f"{one_line(choice, 40)}, value {number}")
                    check.clicked.connect(lambda is_on, one=choice: conditions.check(place, one, is_on=is_on))
                    row.addWidget(check)
                return widget
            case _:
                line = QLineEdit()
                line.setAccessibleName(f"Value {number}")
                line.setPlaceholderText(visible(conditions.hint(place)))
                line.textEdited.connect(lambda text: conditions.change(place, text=text))
                line.returnPressed.connect(self.value_entered)
                return line

    def _pick_name(self, name: str) -> None:
        if name == _OTHER:
            self.other.show()
            self.other.setFocus()
        else:
            self._conditions.change(self.place, name=name)

    def _take_other(self) -> None:
        if self.other.isVisible() and self.other.text().strip():
            self._conditions.change(self.place, name=self.other.text().strip())
