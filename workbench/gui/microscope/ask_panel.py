"""How often, in which ways, and what that takes; Start, and Stop while it goes on."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from workbench.app.models.wires import EXAMPLE_SPEC
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, plain_tip, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.number_field import NumberField
from workbench.gui.kit.room import keep_room
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.timers import ticker
from workbench.gui.look.look import Look
from workbench.viewmodels.microscope.arm_choice import Choosable
from workbench.viewmodels.microscope.votes import MOST_CONCURRENT, MOST_TRIALS, VotesViewModel
from workbench.viewmodels.shared.progress import Progress

_FRAME_MS = 66
"""Between two drawings of what has come: samples may come by the hundred."""


class AskPanel(QWidget):
    """Nothing is sent before Start is pressed."""

    def __init__(
        self,
        votes: VotesViewModel,
        look: Look,
        tasks: Tasks,
        follow: Callable[[Progress], object] = lambda progress: None,
    ) -> None:
        """`follow` shows the progress where the window shows all of it."""
        super().__init__()
        self._votes = votes
        self._tasks = tasks
        self._follow = follow
        self._was_running = False
        self.task = f"votes {id(votes)}"
        """The name of the task that asks."""
        self._boxes: list[tuple[QCheckBox, Choosable]] = []
        self.trials = NumberField("Samples per condition", votes.trials, MOST_TRIALS, look)
        self.trials.number_changed.connect(votes.ask_times)
        self.concurrency = NumberField("In parallel", votes.concurrency, MOST_CONCURRENT, look)
        self.concurrency.number_changed.connect(votes.ask_at_once)
        self.model_name = QLineEdit()
        self.model_name.setProperty("role", "filter")
        self.model_name.setPlaceholderText("another model…")
        self.model_name.setAccessibleName("Enter another model to compare with")
        self.model_name.setToolTip(f"A model by its SPEC, such as {EXAMPLE_SPEC} or a connection; Enter adds it")
        self.model_name.setFixedWidth(look.px(170))
        self.model_name.returnPressed.connect(self._name_model)
        self.model_name.textEdited.connect(lambda _: votes.choice.forget_problem())
        self.estimate = label("", "hint", wraps=True)
        self.start = QPushButton("Ask again")
        self.start.setProperty("role", "primary")
        self.start.setToolTip("Send the requests. Chosen tools are not run.")
        self.start.clicked.connect(lambda: self.begin())
        self.suggest = QPushButton()
        self.suggest.setProperty("role", "link")
        self.suggest.setToolTip("Set this number of samples; nothing is sent")
        self.suggest.clicked.connect(lambda: votes.ask_times(votes.suggested_trials))
        self.stop = QPushButton("Stop  Esc")
        self.stop.setAccessibleName("Stop and keep results so far")
        self.stop.clicked.connect(lambda: self.end())
        self.state = label("", "caption")
        self.problem = label("", "hint", wraps=True)
        self.problem.setProperty("tone", "error")
        numbers = QWidget()
        line = QHBoxLayout(numbers)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for number in (self.trials, label("samples each,", "caption"), self.concurrency):
            line.addWidget(number)
        line.addWidget(label("in parallel", "caption"))
        line.addWidget(self.suggest)
        line.addStretch(1)
        acts = QHBoxLayout()
        acts.setSpacing(10)
        for act in (self.start, self.stop, self.state):
            acts.addWidget(act)
        acts.addStretch(1)
        keep_room(self.stop)
        self._variants_ground, self._variants = flow_row()
        self._models_ground, self._models = flow_row()
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        rows = (("Conditions", self._variants_ground), ("Models", self._models_ground), ("Count", numbers))
        for row, (name, ground) in enumerate(rows):
            grid.addWidget(label(name, "caption"), row, 0)
            grid.addWidget(ground, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addLayout(acts)
        column.addWidget(self.estimate)
        column.addWidget(self.problem)
        self._timer = ticker(self, _FRAME_MS, self._tick)
        self._make_boxes()
        self._refresh()
        listen(self, votes.changed, self._refresh)

    def begin(self) -> None:
        """Send what was estimated."""
        if not self._votes.can_start:
            return
        work = self._votes.start(stop=self.end)
        if self._tasks.start(self.task, work):
            self._timer.start()
            QTimer.singleShot(0, self, self._show_progress)

    def end(self) -> None:
        """Stop and keep results so far."""
        self._tasks.cancel(self.task)

    def _tell_end(self) -> None:
        """For screen readers."""
        opened = self._votes.opened
        words = self._votes.problem or (opened.settled_words if opened is not None else "")
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"Asked again. {words}"))

    def _tick(self) -> None:
        self._votes.flush()
        progress = self._votes.progress
        if progress is not None and self._votes.is_running:  # time goes on also where nothing comes
            self.state.setText(progress.words)

    def _show_progress(self) -> None:
        if self._votes.progress is not None:
            self._follow(self._votes.progress)

    def _name_model(self) -> None:
        if self._votes.choice.name_model(self.model_name.text()):
            self.model_name.clear()

    def _make_boxes(self) -> None:
        for box, _ in self._boxes:
            box.setParent(None)
            box.deleteLater()
        self._boxes = []
        choice = self._votes.choice
        for line, kind, choosables in (
            (self._variants, "Condition", choice.variants),
            (self._models, "Model", choice.models),
        ):
            for choosable in choosables:
                box = QCheckBox(choosable.title.replace("&", "&&"))
                box.setAccessibleName(f"{kind}: {choosable.title}")
                box.clicked.connect(lambda is_on, one=choosable: choice.choose(one, is_on=is_on))
                self._boxes.append((box, choosable))
                line.addWidget(box)
        self._models.removeWidget(self.model_name)
        self._models.addWidget(self.model_name)

    def _refresh(self) -> None:
        votes = self._votes
        choosables = [*votes.choice.variants, *votes.choice.models]
        if [one for _, one in self._boxes] != choosables:
            self._make_boxes()
        for box, choosable in self._boxes:
            box.setChecked(choosable.is_chosen)
            box.setEnabled(not choosable.problem and not votes.is_running)
            box.setToolTip(plain_tip(choosable.problem or choosable.detail))
            box.setAccessibleDescription(choosable.problem or choosable.detail)
        suggested = votes.suggested_trials
        self.suggest.setText(f"about {suggested:,} more should settle it")
        self.suggest.setAccessibleName(f"Ask {suggested} times: about as many more should settle it")
        self.suggest.setVisible(suggested > 0 and suggested != votes.trials)
        self.trials.show_number(1 if votes.is_exact else votes.trials)
        self.concurrency.show_number(votes.concurrency)
        for field in (self.trials, self.concurrency, self.model_name):
            field.setEnabled(not votes.is_running)
        is_running = votes.is_running
        if self._was_running and not is_running:
            self._tell_end()
        self._was_running = is_running
        self.trials.setEnabled(not is_running and not votes.is_exact)
        if not is_running:
            self._timer.stop()
            self.estimate.setText(votes.choice.problem or votes.estimate_words)
            set_role(self.estimate, "tone", "plain" if votes.can_start and not votes.choice.problem else "warn")
        self.start.setEnabled(votes.can_start)
        self.start.setText(f"Ask again{'' if votes.is_exact else f' ×{votes.trials}'}")
        self.start.setAccessibleName(f"Ask again, {'once' if votes.is_exact else f'{votes.trials} times'} each")
        self.stop.setVisible(is_running)
        progress = votes.progress
        self.state.setText(progress.words if progress is not None and is_running else "")
        self.problem.setText(f"✗ {votes.problem}" if votes.problem else "")
        self.problem.setVisible(bool(votes.problem))
