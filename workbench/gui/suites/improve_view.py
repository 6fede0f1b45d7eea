"""Improving descriptions: a confusion, candidates of rules, of a model and of one's own, and the race they enter."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

from workbench.gui.kit.check_list import CheckList
from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.diff_view import DiffView
from workbench.gui.kit.flow_layout import flow_row, tab_in_order
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.suites.run_view import RUN_TASK
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.suites.suites import SuitesViewModel

_ABOUT = (
    "Candidates are made from tune cases alone. They race against each other, and the winner is confirmed on held-out "
    "cases. No tool is changed: candidates are saved as variants, and you promote one if you like."
)
_NOTHING = "Nothing to improve: no wrong choice of a tune case was found in the results."
_NO_RESULTS = "No results yet. Run the suite first: its wrong choices are what can be improved."
_MOST_REQUESTS = 4


class ImproveView(QWidget):
    """Shows a `SuiteImproving`."""

    def __init__(self, suites: SuitesViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self._suites = suites
        improving = self._improving = suites.improving
        self._look = look
        self._tasks = tasks
        self._taken = ""
        """The text that was put into the box; what differs from it was typed by the person."""
        self.confusion = ChoiceBox("Confusion to improve")
        self.confusion.picked.connect(lambda place: improving.choose(int(place)))
        self._requests = label("", "muted", wraps=True)
        self.suggest = action_button("Suggest by rules", "Add what rules propose", improving.suggest)
        self.model = ChoiceBox("Model that proposes")
        self.ask = action_button("Ask a model", "Add what this model proposes", self._ask)
        self.list = CheckList("Candidates")
        self.list.checked.connect(lambda name, is_on: improving.tick(name, is_on=is_on))
        self.list.currentItemChanged.connect(self._show)
        self.diff = DiffView(look, "What the candidate changes, word by word", max_lines=12)
        self._why = label("", "muted", wraps=True)
        self.tool = ChoiceBox("Tool to describe")
        self.tool.picked.connect(lambda _: self._take_text())
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("A description of your own")
        self.text.setProperty("role", "input")
        self.text.setTabChangesFocus(True)
        self.add = action_button("Add as a candidate", "Add this description as a candidate", self._add)
        go = "Race the checked ones  Ctrl+Enter"
        self.start = action_button(go, "Race the checked candidates", self._race, role="primary")
        self._obstacle = label("", "muted", wraps=True)
        self._nothing = label(_NOTHING, "muted", wraps=True)
        self._body = QWidget()
        self._lay_out()
        self._take_look()
        listen(self, suites.changed, self.refresh)
        look.follow(self, self._take_look)
        self.refresh()

    def refresh(self) -> None:
        """Show the confusions and candidates."""
        improving, confusion = self._improving, self._improving.confusion
        self._nothing.setText(_NOTHING if self._suites.report is not None else _NO_RESULTS)
        self._nothing.setVisible(confusion is None)
        self._body.setVisible(confusion is not None)
        if confusion is None:
            return
        rows = [(str(place), each.title) for place, each in enumerate(improving.confusions)]
        self.confusion.show_choices(rows, str(improving.confusions.index(confusion)))
        shown = [f"“{one_line(request, 160)}”" for request in confusion.requests[:_MOST_REQUESTS]]
        more = len(confusion.requests) - len(shown)
        self._requests.setText("\n".join(shown) + (f"\nand {more} more" if more > 0 else ""))
        specs = [spec for spec in self._suites.models if spec]
        current = self.model.currentData()
        self.model.show_choices(
            [(spec, spec) for spec in specs], current if current in specs else next(iter(specs), "")
        )
        self.ask.setEnabled(bool(specs) and not improving.is_asking)
        self.ask.setText("Asking…" if improving.is_asking else "Ask a model")
        self.list.show_rows([(row.candidate.name, row.words, row.is_ticked) for row in improving.rows])
        self.list.setVisible(bool(improving.rows))
        self._select(improving.shown)
        self._why.setText(improving.why)
        self._why.setVisible(bool(improving.why))
        changes = improving.changes
        self.diff.show_parts(changes)
        self.diff.setVisible(bool(changes))
        tools = improving.tools
        chosen = self.tool.currentData()
        self.tool.show_choices([(name, name) for name in tools], chosen if chosen in tools else next(iter(tools), ""))
        if chosen not in tools or self.text.toPlainText() == self._taken:
            self._take_text()
        obstacle = "A suite run is under way." if self._suites.is_running else improving.obstacle
        self.start.setEnabled(not obstacle)
        self._obstacle.setText(obstacle)
        self._obstacle.setVisible(bool(obstacle))

    def _select(self, name: str) -> None:
        for place in range(self.list.count()):
            if self.list.item(place).data(Qt.ItemDataRole.UserRole) == name and self.list.currentRow() != place:
                self.list.blockSignals(True)
                self.list.setCurrentRow(place)
                self.list.blockSignals(False)

    def _show(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._improving.show(item.data(Qt.ItemDataRole.UserRole))
            self._take_text()

    def _take_text(self) -> None:
        taken = self._improving.description_of(self.tool.currentData() or "")
        if taken != self.text.toPlainText():
            self.text.setPlainText(taken)
        self._taken = self.text.toPlainText()

    def _add(self) -> None:
        if self._improving.write(self.tool.currentData() or "", self.text.toPlainText()):
            self._take_text()

    def _ask(self) -> None:
        self._tasks.start("ask for candidates", self._improving.ask_model(self.model.currentData() or ""))

    def _race(self) -> None:
        self._tasks.start(RUN_TASK, self._suites.race_candidates())

    def _take_look(self) -> None:
        self.text.setFixedHeight(self._look.px(84))
        self.list.setFixedHeight(self._look.px(170))

    def _lay_out(self) -> None:
        row, flow = flow_row()
        for widget in (self.suggest, self.model, self.ask):
            flow.addWidget(widget)
        own, own_flow = flow_row()
        for widget in (self.tool, self.add):
            own_flow.addWidget(widget)
        end, end_flow = flow_row()
        end_flow.addWidget(self.start)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(10)
        parts = (
            *(self.confusion, self._requests, row, self.list, self._why, self.diff),
            *(label("Or write one yourself", "strong"), self.text, own, end, self._obstacle),
        )
        for part in parts:
            body.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(label(_ABOUT, "muted", wraps=True))
        column.addWidget(self._nothing)
        column.addWidget(self._body)
        column.addStretch(1)
        tab_in_order(
            *(self.confusion, self.suggest, self.model, self.ask, self.list, self.diff),
            *(self.text, self.tool, self.add, self.start),
        )
