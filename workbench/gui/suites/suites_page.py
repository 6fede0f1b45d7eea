"""The page of suites: which suite, its cases, its run, its results."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import ScrollArea, action_button
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.suites.cases_view import CasesView
from workbench.gui.suites.improve_view import ImproveView
from workbench.gui.suites.results_view import ResultActs, ResultsView
from workbench.gui.suites.run_view import RunView
from workbench.viewmodels.suites.suites import SuitesViewModel

PARTS = ("Cases", "Run", "Results", "Improve")
_ABOUT = (
    "A suite is a list of requests and the tool that should be chosen for each. Run it with several variants or models "
    "to see, with statistics, whether a change helped."
)


class SuitesPage(QWidget):
    """One page in a tab. `ask_file` lets the person choose a file of cases."""

    def __init__(
        self,
        suites: SuitesViewModel,
        look: Look,
        tasks: Tasks,
        *,
        ask_file: Callable[[], object],
        acts: ResultActs,
    ) -> None:
        super().__init__()
        self.suites = suites
        self._tasks = tasks
        self._was_running = False
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.choice = ChoiceBox("Suite")
        self.choice.picked.connect(lambda name: tasks.start("read a suite", suites.choose(name)))
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the new suite")
        self.name.setPlaceholderText("Name of a new suite")
        self.name.returnPressed.connect(self._make)
        self.make = action_button("New suite", "Create a suite of this name", self._make)
        self.bring = action_button("Import cases…", "Add cases from a file", ask_file)
        self.invent = action_button("Generate…", "Generate cases from the tools", self._generate)
        self.parts = QTabBar()
        self.parts.setAccessibleName("Parts of the suite")
        self.parts.setProperty("role", "pages")
        self.parts.setDrawBase(False)
        self.parts.setExpanding(False)
        for part in PARTS:
            self.parts.addTab(part)
        self.setFocusProxy(self.parts)
        self._trouble = label("", "", wraps=True)
        set_role(self._trouble, "tone", "error")
        self.cases = CasesView(suites, look, tasks)
        self.run = RunView(suites, look, tasks)
        self.results = ResultsView(suites, look, tasks, acts)
        self.improve = ImproveView(suites, look, tasks)
        self.stack = QStackedWidget()
        for part, view in zip(PARTS, (self.cases, self.run, self.results, self.improve), strict=True):
            self.stack.addWidget(view if view is self.cases else _scrolling(view, part))
        self.parts.currentChanged.connect(self.stack.setCurrentIndex)
        new, row = flow_row()  # both go on in the next line together
        row.addWidget(self.name)
        row.addWidget(self.make)
        head, flow = flow_row()
        for widget in (self.choice, self.bring, self.invent, new):
            flow.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 20)
        column.setSpacing(10)
        column.addWidget(label("Suites", "heading"))
        column.addWidget(label(_ABOUT, "muted", wraps=True))
        column.addWidget(head)
        column.addWidget(self._trouble)
        column.addWidget(self.parts)
        column.addWidget(self.stack, 1)
        column.addStretch(0)  # while the parts are hidden
        listen(self, suites.changed, self.refresh)
        self.refresh()

    def show_part(self, part: str) -> None:
        """Show the cases, the run or the results."""
        self.parts.setCurrentIndex(PARTS.index(part))

    def refresh(self) -> None:
        """Show the suites as they are now; a run that has ended leads to its results."""
        suites = self.suites
        has_begun = suites.is_running and not self._was_running
        has_ended, self._was_running = self._was_running and not suites.is_running, suites.is_running
        part = PARTS[self.parts.currentIndex()]
        if has_ended and part == "Run" and suites.running.has_results:
            self.show_part("Results")
        elif has_begun and part == "Improve":
            self.show_part("Run")
        self.choice.show_choices([(name, name) for name in suites.names], suites.order.suite)
        has_suite = bool(suites.names)
        for widget in (self.choice, self.bring, self.invent, self.parts, self.stack):
            widget.setVisible(has_suite)
        if has_suite and self.name.hasFocus() and not self.name.text():
            self.parts.setFocus()  # it was hidden while there was nothing to show
        self._trouble.setText(suites.trouble)
        self._trouble.setVisible(bool(suites.trouble))

    def show_widget(self, widget: QWidget) -> None:
        """Scroll to something of the shown part, and give it the keyboard."""
        widget.setFocus()
        scroll = self.stack.currentWidget()
        if isinstance(scroll, QScrollArea):
            scroll.ensureWidgetVisible(widget, 0, 40)

    def go(self) -> None:
        """Start what the shown part starts: a run, or the race of the ticked candidates."""
        buttons = {"Run": self.run.start, "Improve": self.improve.start}
        button = buttons.get(PARTS[self.parts.currentIndex()])
        if button is not None and button.isEnabled():
            button.click()

    def _generate(self) -> None:
        self.show_part("Cases")
        self.cases.generate.setVisible(self.cases.generate.isHidden())
        if not self.cases.generate.isHidden():
            self.cases.generate.count.setFocus()

    def _make(self) -> None:
        name = self.name.text().strip()
        if name:
            self._tasks.start("make a suite", self._new(name))

    async def _new(self, name: str) -> None:
        await self.suites.new(name)
        if name in self.suites.names:
            self.name.clear()
            self.show_part("Cases")

    # overrides of Qt

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter starts what this page starts, and not a conversation."""
        if isinstance(event, QKeyEvent) and self._is_go(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.go()
                return True
        return super().event(event)

    @staticmethod
    def _is_go(event: QKeyEvent) -> bool:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return is_enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def _scrolling(view: QWidget, name: str) -> QScrollArea:
    view.setProperty("role", "page")
    return ScrollArea(name, view, sideways=True)
