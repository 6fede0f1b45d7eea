"""How often each change is sampled and what that takes; Start, and Stop while it goes on."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.number_field import NumberField
from workbench.gui.kit.room import keep_room
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.timers import ticker
from workbench.gui.look.look import Look
from workbench.viewmodels.microscope.ablation_series import MOST_CONCURRENT, MOST_TRIALS, AblationSeries

_FRAME_MS = 66
TASK = "evidence "
"""How the names of all tasks begin that sample evidence."""


class AblationBar(QWidget):
    """Nothing is sent before Start is pressed."""

    def __init__(self, series: AblationSeries, look: Look, tasks: Tasks, *, verb: str) -> None:
        """`verb` is what Start does, such as `Try selected changes`."""
        super().__init__()
        self.series = series
        self._tasks = tasks
        self._task = f"{TASK}{id(series)}"
        self.trials = NumberField("Samples per change", series.trials, MOST_TRIALS, look)
        self.trials.number_changed.connect(series.ask_times)
        self.concurrency = NumberField("Parallel samples", series.concurrency, MOST_CONCURRENT, look)
        self.concurrency.number_changed.connect(series.ask_at_once)
        self.start = QPushButton(verb)
        self.start.setProperty("role", "primary")
        self.start.setAccessibleName(verb)
        self.start.setToolTip("Send the requests. Chosen tools are not run.")
        self.start.clicked.connect(lambda: self.begin())
        self.stop = QPushButton("Stop  Esc")
        self.stop.setAccessibleName("Stop and keep results so far")
        self.stop.clicked.connect(lambda: self.end())
        self.state = label("", "caption")
        self.estimate = label("", "hint", wraps=True)
        self.note = label("", "caption", wraps=True)
        self.problem = label("", "hint", wraps=True)
        self.problem.setProperty("tone", "error")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.start)
        row.addWidget(self.trials)
        row.addWidget(label("samples each,", "caption"))
        row.addWidget(self.concurrency)
        row.addWidget(label("in parallel", "caption"))
        row.addWidget(self.stop)
        row.addWidget(self.state)
        row.addStretch(1)
        keep_room(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        for widget in (self.estimate, self.note, self.problem):
            column.addWidget(widget)
        self._timer = ticker(self, _FRAME_MS, series.flush)
        self._refresh()
        listen(self, series.changed, self._refresh)

    def begin(self) -> None:
        """Send what was estimated."""
        if self.series.can_start and self._tasks.start(self._task, self.series.start(self.end)):
            self._timer.start()

    def end(self) -> None:
        """Stop and keep results so far."""
        self._tasks.cancel(self._task)

    def _refresh(self) -> None:
        series = self.series
        progress = series.progress
        if progress is None:
            self._timer.stop()
        self.start.setEnabled(series.can_start)
        self.stop.setVisible(series.is_running)
        self.state.setText(progress.words if progress is not None else "")
        self.state.setVisible(progress is not None)
        for field, number in ((self.trials, series.samples_each), (self.concurrency, series.concurrency)):
            field.show_number(number)
            field.setEnabled(not series.is_running)
        self.trials.setEnabled(not series.is_running and not series.is_exact)
        if progress is None:
            self.estimate.setText(series.estimate_words)
            set_role(self.estimate, "tone", "plain" if series.can_start else "warn")
        self.note.setText(series.note)
        self.note.setVisible(bool(series.note))
        self.problem.setText(f"✗ {series.problem}" if series.problem else "")
        self.problem.setVisible(bool(series.problem))
