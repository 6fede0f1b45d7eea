"""The map of overlaps: a table of how alike the request and the descriptions are. Enter on a cell opens its duel."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.microscope.ablation_bar import TASK
from workbench.gui.microscope.overlap_table import OverlapTable
from workbench.gui.microscope.scroll_panel import ScrollPanel
from workbench.viewmodels.microscope.overlaps import REQUEST, Overlaps
from workbench.viewmodels.microscope.point import PointViewModel

HINT = "Arrow keys move, Enter opens the duel of the two tools, Ctrl+C copies the table."


class OverlapsPanel(ScrollPanel):
    """`duel_asked` names the two tools of a cell; of the request's column, what was chosen against that row."""

    duel_asked = Signal(str, str)

    def __init__(self, point: PointViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__("Overlaps")
        self.overlaps = Overlaps(point)
        self._tasks = tasks
        self.measure = ChoiceBox("Text comparison method")
        self.measure.picked.connect(lambda key: self._measure(key))
        self.words = label("", "strong", wraps=True)
        self.caption = label("", "caption", wraps=True)
        self.table = OverlapTable(self.overlaps, look, self._open)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(label("Compare by", "caption"))
        head.addWidget(self.measure)
        head.addStretch(1)
        head.addWidget(action_button("Copy table", "Copy the overlap table", self.table.copy, role="link"))
        self.column.addLayout(head)
        for widget in (self.words, self.caption, self.table, label(HINT, "caption", wraps=True)):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self._refresh()
        listen(self, self.overlaps.changed, self._refresh)
        self._tasks.start(f"{TASK}overlaps {id(self)}", self.overlaps.compare_texts())

    def _measure(self, measure: str) -> None:
        work = self.overlaps.measure_by("model" if measure == "model" else "words")
        self._tasks.start(f"{TASK}overlaps {id(self)} {measure}", work)

    def _open(self, row: str, column: str) -> None:
        other = (self.overlaps.point.chosen_tool or "") if column == REQUEST else column
        if other and other != row:
            self.duel_asked.emit(row, other)

    def _refresh(self) -> None:
        overlaps = self.overlaps
        self.measure.show_choices(overlaps.measures, overlaps.measure)
        self.words.setText(overlaps.words)
        self.caption.setText(overlaps.label)
        self.table.refresh()
