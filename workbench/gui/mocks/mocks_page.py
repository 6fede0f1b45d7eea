"""Mocks: answers that replace a tool, rule by rule."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from workbench.core.ids import CallId, RunId
from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.growing_text import GrowingText
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import PageFrame, action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.timers import delay
from workbench.gui.kit.view_tabs import view_tabs
from workbench.gui.look.look import Look
from workbench.gui.mocks.ending_picker import EndingPicker
from workbench.gui.mocks.rule_form import RuleForm
from workbench.viewmodels.mocks.mock_form import MockForm, MockParts
from workbench.viewmodels.mocks.mock_trial import MockTrialViewModel
from workbench.viewmodels.shared.plain import one_line

_COLUMNS = ("Name", "When", "Reply", "Calls")
_TRIED = ("Now", "With this rule", "Arguments", "When")
_ABOUT = "The first matching rule answers, and nothing is run. Stored in workbench.toml."
_VIEWS = ("Form", "JSON")
_PAUSE_MS = 250


class MocksPage(PageFrame):
    """Shows a `MockForm`; the rule in the editor is judged while the user types."""

    def __init__(
        self, name: str, parts: MockParts, look: Look, tasks: Tasks, reload: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(name)
        self.form = form = MockForm(parts, reload)
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
        self.views = view_tabs("How to write the rule", _VIEWS, self._turn)
        self.rule = RuleForm(form, look)
        self.editor = GrowingText("Rule as JSON", look, least=8, most=30, is_json=True)
        self.editor.textChanged.connect(self._take)
        self.trial = MockTrialViewModel(parts, form)
        self.tried_words = label("", "strong", wraps=True)
        self.tried = RowsTable("What would answer recorded calls", _TRIED, look, wide=2)
        self._timer = delay(self, _PAUSE_MS, self.ask)
        self.message = label("", "hint", wraps=True)
        self.save = action_button("", "Save the rule", lambda: self._start(form.save()), role="primary")
        self.add = action_button("New rule", "New rule", lambda: form.select(None))
        self.up = action_button("Up  Alt+↑", "Move the rule up", lambda: self._start(form.move(-1)))
        self.down = action_button("Down  Alt+↓", "Move the rule down", lambda: self._start(form.move(1)))
        self.remove = action_button("Delete  Del", "Delete the rule", lambda: self._start(form.remove()))
        self.undo = action_button("Undo", "Undo the last mock change", lambda: self._start(form.undo()))
        self.count = action_button("Count calls", "Count how many recorded calls each rule answered", self.ask_counts)
        self.let_run = action_button("Remove the mock", "Run the tool again", lambda: self._start(form.let_run()))
        top, row = flow_row()
        row.addWidget(self.tool)
        row.addWidget(self.runs_as)
        first, writing = flow_row()
        for button in (self.save, self.add, self.up, self.down, self.remove, self.undo):
            writing.addWidget(button)
        second, second_row = flow_row()
        for button in (self.count, self.let_run):
            second_row.addWidget(button)
        self.add_section(name, _ABOUT, top, self.ending, self.table, second)
        self.add_section("Rule", "", self.views, self.rule, self.editor, self.message, first)
        self.add_section(
            "What would answer recorded calls?",
            "Every recorded call of this tool, by the saved mock and with this rule saved.",
            self.tried_words,
            self.tried,
        )
        self._refresh()
        self._show_tried()
        listen(self, form.changed, self._refresh)
        listen(self, form.changed, self._timer.start)
        listen(self, self.trial.changed, self._show_tried)
        self._timer.start()

    def refresh(self) -> None:
        """The project was read again; there may be other calls, too."""
        self.form.refresh()
        self.trial.forget()
        self._timer.start()

    def ask(self) -> None:
        """Judge recorded calls now; what is typed meanwhile is judged next."""
        if not self._tasks.start("mock trial", self.trial.judge()):
            self._timer.start()

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
        if not self._is_showing and self.form.is_json:
            self.form.write(self.editor.toPlainText())

    def _start(self, work: Coroutine[Any, Any, Any]) -> None:
        self._tasks.start("mocks", work)

    def _turn(self, place: int) -> None:
        if not self._is_showing and not self.form.show_json(is_json=place == 1):
            self._refresh()

    def _show_tried(self) -> None:
        rows = self.trial.rows
        self.tried_words.setText(self.trial.words)
        self.tried.show_rows(rows, None)
        self.tried.setVisible(bool(rows))

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
            self.views.setCurrentIndex(1 if form.is_json else 0)
        finally:
            self._is_showing = False
        self.rule.setVisible(not form.is_json)
        self.editor.setVisible(form.is_json)
        self.runs_as.setText(one_line(dict(form.tools).get(form.tool, ""), 120))
        self.table.setVisible(bool(form.rows))
        for widget in (self.count, self.let_run):
            widget.setVisible(form.is_mock)
        self.message.setText(f"✗ {one_line(form.problem, 300)}" if form.problem else form.message or "✓ valid rule")
        set_role(self.message, "tone", "error" if form.problem or not form.is_good else "ok")
        is_known = form.selected is not None
        self.save.setText("Save rule" if is_known else "Add rule" if form.is_mock else "Mock the tool with this rule")
        self.save.setEnabled(not form.problem and bool(form.tool))
        self.up.setEnabled(bool(form.selected))
        self.down.setEnabled(is_known and form.selected != len(form.lines) - 1)
        self.remove.setEnabled(is_known)
        self.undo.setEnabled(form.can_undo)
