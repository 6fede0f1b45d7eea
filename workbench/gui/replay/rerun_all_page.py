"""The rerun of all recorded runs: a table that fills meanwhile, differences first."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.replay.rerun_report import RerunBatch

_FRAME_MS = 100


class RerunAllPage(QWidget):
    """Every recorded run, in a table. `opened` carries the run and the place where it differs."""

    opened = Signal(str, str)
    stop_asked = Signal()
    again_asked = Signal()

    def __init__(self, batch: RerunBatch, look: Look) -> None:
        super().__init__()
        self.batch = batch
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = label("", "muted", wraps=True)
        self.table = RowsTable("Reruns", ("verdict", "run", "took", "first difference"), look, wide=3, fills=True)
        self.table.activated.connect(lambda index: self._open(index.row()))
        self.stop_button = action_button("Stop", "Stop rerunning", self.stop_asked.emit)
        self.again_button = action_button("Rerun all", "Rerun all recorded runs", self.again_asked.emit)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.stop_button)
        foot.addWidget(self.again_button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 22)
        column.setSpacing(10)
        column.addWidget(label("Rerun of all recorded runs", "heading"))
        column.addWidget(self.words)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self._soon = delay(self, _FRAME_MS, self.show_results)
        listen(self, batch.changed, self._tell)
        self.show_results()

    def show_results(self) -> None:
        """Show the results so far."""
        self.words.setText(self.batch.words)
        self.table.show_rows([result.row for result in self.batch.shown], None)
        self.stop_button.setVisible(not self.batch.is_over)
        self.again_button.setVisible(self.batch.is_over)

    def _tell(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _open(self, place: int) -> None:
        shown = self.batch.shown
        if 0 <= place < len(shown):
            found = shown[place].rerun
            where = found.divergence.place if found is not None and found.divergence is not None else ""
            self.opened.emit(shown[place].run_id, where)
