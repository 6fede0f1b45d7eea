"""Sentence heat: the description with each sentence tinted by its effect on the choice, and the same as a table."""

from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout

from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.heat_text import HeatText
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.microscope.ablation_bar import AblationBar
from workbench.gui.microscope.scroll_panel import ScrollPanel
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.microscope.words import COLUMNS, MEASURE, WordsHeat
from workbench.viewmodels.shared.plain import one_line

ABOUT = (
    "Each sentence is left out in turn. Its figure is how many points of the share the description has because of it."
)
LEGEND = "Orange attracts the choice (+), blue pushes it away (−), ≈ may be chance, ? was not measured."


class WordsPanel(ScrollPanel):
    """One tool's description at a time."""

    def __init__(self, point: PointViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__("Sentence heat")
        self.words = WordsHeat(point)
        self.tool = ChoiceBox("Tool whose description is analyzed")
        self.tool.picked.connect(self.words.choose)
        self.on_expected = QCheckBox("Count the expected tool")
        self.on_expected.setAccessibleName("Count calls of the expected tool instead of the recorded choice")
        self.on_expected.clicked.connect(lambda is_on: self.words.count_expected(is_on=is_on))
        self.by_clause = QCheckBox("Cut at commas and colons")
        self.by_clause.setAccessibleName("Leave out clauses instead of sentences")
        self.by_clause.clicked.connect(lambda is_on: self.words.cut_at_clauses(is_on=is_on))
        self.bar = AblationBar(self.words.series, look, tasks, verb=MEASURE)
        self.title = label("", "strong", wraps=True)
        self.text = HeatText(look, "Description with sentence heat")
        self.problem = label("", "hint", wraps=True)
        self.problem.setProperty("tone", "error")
        self.table = RowsTable("Sentence heat", COLUMNS, look, wide=5)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label("Description of", "caption"))
        head.addWidget(self.tool)
        head.addWidget(self.by_clause)
        head.addWidget(self.on_expected)
        head.addStretch(1)
        ground = QFrame()
        ground.setProperty("role", "card")
        card = QVBoxLayout(ground)
        card.setContentsMargins(14, 12, 14, 12)
        card.addWidget(self.text)
        self.column.addWidget(label(ABOUT, "muted", wraps=True))
        self.column.addLayout(head)
        self.column.addWidget(self.bar)
        for widget in (self.title, ground, label(LEGEND, "caption", wraps=True), self.problem, self.table):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self._refresh()
        listen(self, self.words.changed, self._refresh)

    def _refresh(self) -> None:
        words = self.words
        self.tool.show_choices([(name, one_line(name, 64)) for name in words.tools], words.tool)
        self.tool.setEnabled(not words.series.is_running)
        self.by_clause.setChecked(words.is_by_clause)
        self.by_clause.setEnabled(not words.series.is_running)
        self.on_expected.setVisible(words.point.expected_tool is not None)
        self.on_expected.setChecked(words.is_on_expected)
        self.title.setText(words.title)
        self.text.show_lines(words.lines)
        self.problem.setText(words.problem)
        self.problem.setVisible(bool(words.problem))
        self.table.show_rows(words.table(), None)
