"""One rule of a mock in fields: its conditions, and its reply."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.condition_rows import ConditionRows
from workbench.gui.kit.growing_text import GrowingText
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.viewmodels.mocks.mock_form import MockForm
from workbench.viewmodels.mocks.rule_draft import FAILURES, HINTS, REPLY_KINDS
from workbench.viewmodels.shared.plain import one_line, visible


class RuleForm(QWidget):
    """Shows the rule that is written in a `MockForm`."""

    def __init__(self, form: MockForm, look: Look) -> None:
        super().__init__()
        self._form = form
        self._is_showing = False
        self.setProperty("role", "clear")
        self.name = self._line("Name of the rule", "for you, such as sold out")
        self.conditions = ConditionRows(form.conditions, look, "It answers every call.")
        self.older = label("", "mono", wraps=True)
        self.drop_older = QPushButton("Remove")
        self.drop_older.setAccessibleName("Remove the older conditions")
        self.drop_older.clicked.connect(lambda _=False: form.change(form.form.without_older()))
        self._older_row = QWidget()
        self._older_row.setProperty("role", "clear")
        older = QHBoxLayout(self._older_row)
        older.setContentsMargins(0, 0, 0, 0)
        older.addWidget(self.older, 1)
        older.addWidget(self.drop_older)
        self.call = self._line("Only the nth call of a run", "any call, or a number such as 2")
        self.kind = ChoiceBox("Kind of reply")
        self.kind.show_choices(REPLY_KINDS, "static")
        self.kind.picked.connect(self._pick_kind)
        self.text = GrowingText("Reply", look, least=2, most=14, is_json=True)
        self.text.textChanged.connect(self._take)
        self.failure = ChoiceBox("Prepared failure")
        self.failure.show_choices(FAILURES, FAILURES[0][0])
        self.failure.picked.connect(lambda _: self._take())
        self.error_kind = self._line("Kind of the error", "error")
        self.is_error = QCheckBox("Mark it as an error")
        self.is_error.setAccessibleName("Mark the reply as an error")
        self.is_error.clicked.connect(self._take)
        self.delay = self._line("Delay in seconds", "none")
        self.fields = fields = QFormLayout(self)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(8)
        fields.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for words, field in (
            ("Name", self.name),
            ("When", self.conditions),
            ("And", self._older_row),
            ("Call", self.call),
            ("Reply", self.kind),
            ("", self.text),
            ("", self.failure),
            ("Error kind", self.error_kind),
            ("", self.is_error),
            ("Delay (s)", self.delay),
        ):
            fields.addRow(words, field)
        self.refresh()
        listen(self, form.changed, self.refresh)

    def refresh(self) -> None:
        """Show the rule without disturbing what is being typed."""
        draft = self._form.form
        self._is_showing = True
        for line, text in (
            (self.name, draft.name),
            (self.call, draft.call),
            (self.delay, draft.delay),
            (self.error_kind, draft.error_kind),
        ):
            if line.text() != text:
                line.setText(text)
        self.kind.setCurrentIndex(self.kind.findData(draft.kind))
        if draft.kind != "fail" and self.text.toPlainText() != draft.text:
            self.text.setPlainText(draft.text)
        self.failure.setCurrentIndex(max(0, self.failure.findData(draft.text)))
        self.is_error.setChecked(draft.is_error)
        self.older.setText(one_line(draft.older_words, 300))
        self.text.setPlaceholderText(visible(HINTS.get(draft.kind, "")))
        if self.text.colors is not None:
            self.text.colors.switch(is_on=draft.kind == "static")
        self._is_showing = False
        self.fields.setRowVisible(self._older_row, bool(draft.older_words))
        self.fields.setRowVisible(self.text, draft.kind != "fail")
        self.fields.setRowVisible(self.failure, draft.kind == "fail")
        self.fields.setRowVisible(self.error_kind, draft.kind == "error")
        self.fields.setRowVisible(self.is_error, draft.kind in ("static", "template"))

    def _line(self, name: str, example: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setPlaceholderText(example)
        line.textEdited.connect(self._take)
        return line

    def _pick_kind(self, kind: str) -> None:
        text = FAILURES[0][0] if kind == "fail" else ""
        self._form.change(replace(self._form.form, kind=kind, text=text))  # type: ignore[arg-type]

    def _take(self, *_: object) -> None:
        if self._is_showing:
            return
        draft = self._form.form
        text = str(self.failure.currentData()) if draft.kind == "fail" else self.text.toPlainText()
        self._form.change(
            replace(
                draft,
                name=self.name.text(),
                call=self.call.text(),
                text=text,
                error_kind=self.error_kind.text(),
                is_error=self.is_error.isChecked(),
                delay=self.delay.text(),
            )
        )
