"""One row that makes cases backwards: a number of calls of a tool, each with a request for it."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.number_field import NumberField
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.viewmodels.suites.case_editing import splits
from workbench.viewmodels.suites.suites import SuitesViewModel

_ABOUT = (
    "Arguments are invented from the tool's parameters and the values of your cases; then a model that never sees the "
    "description writes a request for each call. Without a model, requests come from a few plain sentences."
)
_MOST = 50


class GenerateBar(QWidget):
    """Hidden until it is wanted."""

    def __init__(self, suites: SuitesViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self._suites = suites
        self._tasks = tasks
        self.count = NumberField("Cases of each tool", 5, _MOST, look)
        self.tool = ChoiceBox("Tool to make cases for")
        self.model = ChoiceBox("Model that writes the requests")
        self.split = ChoiceBox("Split of the new cases")
        self.split.show_choices([(split, split) for split in splits()], "tune")
        self.go = action_button("Generate", "Generate cases", self._generate)
        self._words = label("", "muted", wraps=True)
        row, flow = flow_row()
        for widget in (self.count, label("cases of", "muted"), self.tool, self.model, self.split, self.go):
            flow.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (label(_ABOUT, "muted", wraps=True), row, self._words):
            column.addWidget(part)
        listen(self, suites.changed, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the tools and models that are there."""
        suites = self._suites
        tools = [("", "every tool"), *((name, name) for name in suites.expected_choices[:-2])]
        self.tool.show_choices(tools, self.tool.currentData() or "")
        models = [("", "without a model"), *((spec, f"written by {spec}") for spec in suites.models if spec)]
        self.model.show_choices(models, self.model.currentData() or "")
        self._words.setText(suites.editing.generated)
        self._words.setVisible(bool(suites.editing.generated))
        self.go.setEnabled(suites.suite is not None and not suites.editing.generated)

    def _generate(self) -> None:
        count = self.count.number
        if count is not None:
            chosen = (self.tool.currentData() or "", count, self.model.currentData() or "", self.split.currentData())
            self._tasks.start("generate cases", self._suites.editing.generate(*chosen))
