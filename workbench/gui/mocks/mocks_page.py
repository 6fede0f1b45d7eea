"""Mocks: answers that replace a tool, rule by rule."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from workbench.core.ids import CallId, RunId
from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.json_colors import JsonColors
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import PageFrame, action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.mocks.ending_picker import EndingPicker
from workbench.viewmodels.mocks.mock_form import MockForm, MockParts
from workbench.viewmodels.shared.plain import one_line

_COLUMNS = ("Name", "When", "Reply", "Calls")
_ABOUT = (
    "The first matching rule answers, and nothing is run. “when” takes exact, partial, jsonpath, regex and call (the "
    "number of the call in its run); “reply” takes one of static, template, error, fail, python or model, and delay_s."
)


class MocksPage(PageFrame):
    """Shows a `MockForm`; the rule in the editor is judged while one types."""

    def __init__(
        self, name: str, parts: MockParts, look: Look, tasks: Tasks, reload: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(name)
        self.form = form = MockForm(parts, reload)
        self._look = look
        self._tasks = tasks
        self._is_showing = False
        self.tool = ComboBox()
        self.tool.setAccessibleName("Tool")
        self.tool.view().setAccessibleName("Project tools")
        self.tool.setMinimumWidth(look.px(220))
        self.tool.currentIndexChanged.connect(self._open)
        self.runs_as = label("", "caption")
        self.ending = EndingPicker(form, look, self._start)
        self.table = RowsTable("Mock rules", _COLUMNS, look, wide=2)
        self.table.chosen.connect(form.select)
        self.table.move_asked.connect(lambda step: self._start(form.move(step)))
        self.table.remove_asked.connect(lambda: self._start(form.remove()))
        self.editor = QPlainTextEdit()
        self.editor.setProperty("role", "input")
        self.editor.setAccessibleName("Rule as JSON")
        self.editor.setTabChangesFocus(True)
        self.editor.textChanged.connect(self._take)
        self._colors = JsonColors(self.editor.document(), look)
        self.message = label("", "hint", wraps=True)
        self.save = action_button("", "Save the rule", lambda: self._start(form.save()), role="primary")
        self.add = action_button("New rule", "New rule", lambda: form.select(None))
        self.up = action_button("Up  Alt+↑", "Move the rule up", lambda: self._start(form.move(-1)))
        self.down = action_button("Down  Alt+↓", "Move the rule down", lambda: self._start(form.move(1)))
        self.remove = action_button("Delete  Del", "Delete the rule", lambda: self._start(form.remove()))
        self.undo = action_button("Undo", "Undo the last mock change", lambda: self._start(form.undo()))
        self.count = action_button("Count calls", "Count how many recorded calls each rule answered", self.ask_counts)
        self.let_run = action_button("Remove the mock", "Run the tool again", lambda: self._start(form.let_run()))
        top = QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.tool)
        row.addWidget(self.runs_as, 1)
        first, writing = flow_row()
        for button in (self.save, self.add, self.up, self.down, self.remove, self.undo):
            writing.addWidget(button)
        second, second_row = flow_row()
        for button in (self.count, self.let_run):
            second_row.addWidget(button)
        self.add_section(name, _ABOUT, top, self.ending, self.table, second, self.editor, self.message, first)
        self.refresh = form.refresh
        self._take_look()
        self._refresh()
        listen(self, form.changed, self._refresh)
        listen(self, look.changed, self._take_look)

    def take_call(self, run: RunId, call_id: CallId) -> None:
        """Make a rule of a finished call."""
        self._start(self.form.take_call(run, call_id))

    def ask_counts(self) -> None:
        """Count which rules answered the newest runs."""
        self._start(self.form.count())

    def _open(self, *_: object) -> None:
        if not self._is_showing and self.tool.currentData() != self.form.tool:
            self.form.open(str(self.tool.currentData()))

    def _take(self) -> None:
        if not self._is_showing:
            self.form.write(self.editor.toPlainText())

    def _start(self, work: Coroutine[Any, Any, Any]) -> None:
        self._tasks.start("mocks", work)

    def _take_look(self) -> None:
        self.editor.setFont(self._look.mono())
        self.editor.setFixedHeight(12 * self.editor.fontMetrics().lineSpacing() + 20)

    def _refresh(self) -> None:
        form = self.form
        self._is_showing = True
        try:
            if [self.tool.itemData(place) for place in range(self.tool.count())] != [name for name, _ in form.tools]:
                self.tool.clear()
                for name, _ in form.tools:
                    self.tool.addItem(one_line(name, 64), name)
            self.tool.setCurrentIndex(self.tool.findData(form.tool))
            self.table.show_rows(form.rows, form.selected)
            if self.editor.toPlainText() != form.draft:
                self.editor.setPlainText(form.draft)
        finally:
            self._is_showing = False
        self.runs_as.setText(one_line(dict(form.tools).get(form.tool, ""), 120))
        self.table.setVisible(bool(form.rows))
        for widget in (self.count, self.let_run):
            widget.setVisible(form.is_mock)
        self.message.setText(f"✗ {form.problem}" if form.problem else form.message or "✓ valid rule")
        set_role(self.message, "tone", "error" if form.problem or not form.is_good else "ok")
        is_known = form.selected is not None
        self.save.setText("Save rule" if is_known else "Add rule" if form.is_mock else "Mock the tool with this rule")
        self.save.setEnabled(not form.problem and bool(form.tool))
        self.up.setEnabled(bool(form.selected))
        self.down.setEnabled(is_known and form.selected != len(form.lines) - 1)
        self.remove.setEnabled(is_known)
        self.undo.setEnabled(form.can_undo)
