"""The cases of a suite: a list, their problems, and a form for one case."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from workbench.core.json_text import compact
from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.rows_table import MAX_ROWS
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.suites.cases_table import CasesTable
from workbench.gui.suites.generate_bar import GenerateBar
from workbench.viewmodels.suites.case_cells import case_cells
from workbench.viewmodels.suites.case_editing import splits
from workbench.viewmodels.suites.suites import SuitesViewModel


class CasesView(QWidget):
    """Selecting a case puts it into the form; *New case* empties the form."""

    def __init__(self, suites: SuitesViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self._suites = suites
        self._look = look
        self._tasks = tasks
        self._edited = ""
        """The id of the case in the form; empty for a new one."""
        self.generate = GenerateBar(suites, look, tasks)
        self.generate.setVisible(False)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter cases")
        self.filter.setAccessibleName("Filter cases")
        self.filter.textChanged.connect(lambda _: self.refresh())
        self.table = CasesTable(look)
        self.table.typed.connect(self._type)
        self.table.chosen.connect(self._take)
        self.table.remove_asked.connect(self._delete)
        self._findings = label("", "hint", wraps=True)
        self.request = QPlainTextEdit()
        self.request.setAccessibleName("Request")
        self.request.setPlaceholderText("What the user says")
        self.request.setProperty("role", "input")
        self.request.setTabChangesFocus(True)
        self.expected = ChoiceBox("Expected")
        self.arguments = QLineEdit()
        self.arguments.setAccessibleName("Expected arguments")
        self.arguments.setPlaceholderText('Any arguments, or for example {"city": "Tokyo"}')
        self.expected.currentIndexChanged.connect(lambda _: self._show_arguments())
        self.split = ChoiceBox("Split")
        self.split.show_choices([(split, split) for split in splits()], "tune")
        self.new = action_button("New case", "Start a new case", self.start_new)
        self.save = action_button("Add case", "Save the case", self._save, role="primary")
        self.examples = action_button(
            "Make routing examples",
            "Give tools the requests of the tune cases as examples, for routing",
            lambda: tasks.start("make examples", suites.editing.make_examples()),
        )
        self.delete = action_button("Delete", "Delete the case", self._delete)
        self._lay_out()
        self._take_look()
        listen(self, suites.changed, self.refresh)
        look.follow(self, self._take_look)
        self.refresh()

    def refresh(self) -> None:
        """Show the suite as it is now."""
        suite = self._suites.suite
        words = self.filter.text().casefold().split()
        cases = suite.cases if suite is not None else ()
        self._shown = [case for case in cases if all(word in " ".join(case_cells(case)).casefold() for word in words)]
        ids = [case.case_id for case in self._shown]
        self.table.show_rows(
            [case_cells(case) for case in self._shown], ids.index(self._edited) if self._edited in ids else None
        )
        hidden = len(cases) - len(self._shown[:MAX_ROWS])
        self.filter.setPlaceholderText(_filter_words(len(cases), hidden))
        notes = [f"⚠ {problem}" for problem in (suite.problems if suite is not None else ())]
        notes += [f"{'✗' if found.weight == 'blocks' else '⚠'} {found}" for found in self._suites.findings]
        self._findings.setText("\n".join(notes[:8]) + (f"\nand {len(notes) - 8} more" if len(notes) > 8 else ""))
        self._findings.setVisible(bool(notes))
        current = self.expected.currentData()
        choices = self._suites.expected_choices
        self.expected.show_choices([(name, name) for name in choices], current if current in choices else choices[0])
        self.save.setText("Save case" if self._edited else "Add case")
        self.delete.setEnabled(bool(self._edited))
        for widget in (self.request, self.expected, self.arguments, self.split, self.save, self.new, self.examples):
            widget.setEnabled(suite is not None)
        self._show_arguments()

    def start_new(self) -> None:
        """Empty the form for another case."""
        self._edited = ""
        self.request.setPlainText("")
        self.arguments.setText("")
        self.refresh()
        self.request.setFocus()

    def _take(self, place: int) -> None:
        case = self._shown[place]
        turn = case.turns[-1]
        calls = turn.expected.calls
        self._edited = case.case_id
        self.request.setPlainText(turn.request)
        arguments = calls[0].arguments if len(calls) == 1 else None
        self.refresh()
        self.expected.setCurrentIndex(self.expected.findData(turn.expected.label))
        self.arguments.setText(compact(arguments) if arguments else "")
        self.split.setCurrentIndex(self.split.findData(case.split))

    def _type(self, place: int, column: str, text: str) -> None:
        case_id = self._shown[place].case_id
        self._tasks.start(f"edit {column} of case {case_id}", self._edit(case_id, column, text))

    async def _edit(self, case_id: str, column: str, text: str) -> None:
        is_renamed = column == "Id" and self._edited == case_id
        self._edited = text.strip() if is_renamed else self._edited
        if not await self._suites.editing.edit_case(case_id, column, text):
            self._edited = case_id if is_renamed else self._edited
            self.refresh()  # restore the cell

    def _show_arguments(self) -> None:
        """Only a call has arguments; what the form cannot show stays in the file."""
        suite, place = self._suites.suite, self.expected.currentIndex()
        self.arguments.setVisible(suite is not None and 0 <= place < len(self._suites.expected_choices) - 2)
        self.save.setEnabled(suite is not None and place >= 0)
        tip = "" if place >= 0 else "This case expects several calls. Edit it in its file."
        self.save.setToolTip(tip)

    def _save(self) -> None:
        self._tasks.start("save a case", self._keep())

    async def _keep(self) -> None:
        is_new = not self._edited
        saved = await self._suites.editing.save_case(
            self.request.toPlainText(),
            self.expected.currentData(),
            self.arguments.text() if self.arguments.isVisibleTo(self) else "",
            self.split.currentData(),
            case_id=self._edited,
        )
        if saved and is_new:
            self.start_new()

    def _delete(self) -> None:
        if self._edited:
            case_id, self._edited = self._edited, ""
            self._tasks.start("delete a case", self._suites.editing.delete_case(case_id))

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(label("Expected", "muted"))
        choices.addWidget(self.expected, 1)
        choices.addWidget(self.arguments, 2)
        choices.addWidget(label("Split", "muted"))
        choices.addWidget(self.split)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.delete)
        buttons.addWidget(self.examples)
        buttons.addStretch(1)
        buttons.addWidget(self.new)
        buttons.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.generate)
        column.addWidget(self.filter)
        column.addWidget(self.table, 1)
        column.addWidget(self._findings)
        column.addWidget(self.request)
        column.addLayout(choices)
        column.addLayout(buttons)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        set_role(self._findings, "tone", "warn")

    def _take_look(self) -> None:
        self.request.setFixedHeight(self._look.px(54))


def _filter_words(count: int, hidden: int) -> str:
    return f"Filter {count:,} cases" + (f"; {hidden:,} are not listed" if hidden else "")
