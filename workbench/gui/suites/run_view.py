"""What to run of a suite, its estimate, and its progress."""

from decimal import Decimal, InvalidOperation

from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from workbench.app.suites.suite_order import BATCH
from workbench.app.suites.suite_plan import PILOT_CASES
from workbench.gui.kit.check_row import CheckRow
from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.flow_layout import flow_row, tab_in_order
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.number_field import NumberField
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.gui.suites.race_view import RaceView
from workbench.viewmodels.suites.suite_running import PLACES
from workbench.viewmodels.suites.suites import SuitesViewModel

RUN_TASK = "suite run"
_PROGRESS_MS = 100
"""Trials that end within this time are shown together: a bar is painted at once whenever it changes."""
_MOST_TRIALS, _MOST_CONCURRENT = 100, 32
_PLAN = (
    "How many of 100 cases should the change fix, and how many may it break? A pilot measures both, and keeps away "
    "from held-out cases."
)


class RunView(QWidget):
    """Variants, model, split, trials, and the run under way."""

    def __init__(self, suites: SuitesViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self._suites = suites
        running = self._running = suites.running
        self._tasks = tasks
        self.variants = CheckRow("Compare the variant")
        self.variants.picked.connect(lambda: running.decide(variants=("", *self.variants.ticked)))
        self.selectors = CheckRow("Compare with all tools: those of the selector")
        self.selectors.picked.connect(lambda: running.choose_selectors(self.selectors.ticked))
        self.model = ChoiceBox("Model")
        self.other_models = CheckRow("Also ask")
        self.model.picked.connect(lambda spec: running.choose_models(spec, self.other_models.ticked))
        self.other_models.picked.connect(
            lambda: running.choose_models(self.model.currentData() or "", self.other_models.ticked)
        )
        self.split = ChoiceBox("Cases")
        self.split.picked.connect(lambda split: running.decide(split=split))
        self.trials = NumberField("Trials of each case", 1, _MOST_TRIALS, look)
        self.trials.number_changed.connect(lambda number: running.decide(trials=number))
        self.concurrency = NumberField("Trials at a time", 4, _MOST_CONCURRENT, look)
        self.concurrency.setPlaceholderText("all")
        self.concurrency.number_changed.connect(lambda number: running.decide(concurrency=number))
        self.place = ChoiceBox("Where it runs")
        self.place.picked.connect(running.go_to)
        self.address = QLineEdit()
        self.address.setAccessibleName("Address of the Dask cluster")
        self.address.editingFinished.connect(self._take_address)
        self.budget = QLineEdit()
        self.budget.setAccessibleName("Budget in US dollars")
        self.budget.setPlaceholderText("no limit")
        self.budget.setFixedWidth(look.px(90))
        self.budget.editingFinished.connect(self._take_budget)
        self.race = QCheckBox("Race: drop the worse half after each round")
        self.race.toggled.connect(lambda is_on: running.let_race(is_on=is_on))
        self.early = QCheckBox("Stop as soon as the question is decided")
        self.early.toggled.connect(lambda is_on: running.decide(stop_early=is_on))
        self.quick = QCheckBox("Only one case of each cluster, for a quick look")
        self.quick.toggled.connect(lambda is_on: running.decide(per_cluster=1 if is_on else None))
        self.fixed = NumberField("Percent of cases that the change should fix", 12, 100, look, least=0)
        self.broken = NumberField("Percent of cases that the change may break", 2, 100, look, least=0)
        self.plan = action_button("Plan", "Say whether that could be shown with the chosen cases", self._plan)
        self.pilot = action_button(f"Pilot on {PILOT_CASES} cases", "Measure both on a few tune cases", self._pilot)
        self._estimate_line = label("", "muted", wraps=True)
        self._prospect = label("", "muted", wraps=True)
        self._progress = label("", "strong", wraps=True)
        self._interim = label("", "muted", wraps=True)
        self.rounds = RaceView(look)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of the suite run")
        self.bar.setTextVisible(False)
        self.start = action_button("Run suite  Ctrl+Enter", "Run the suite", self._start, role="primary")
        self.estimate = action_button("Estimate", "Estimate time and price", self._estimate)
        self.pause = action_button("Pause", "Pause the suite run", running.pause)
        self.stop = action_button("Stop", "Stop the suite run; what is done is kept", running.stop)
        self._lay_out()
        listen(self, suites.changed, self.refresh)
        self._soon = delay(self, _PROGRESS_MS, self._show_progress)
        listen(self, running.progressed, lambda: self._soon.isActive() or self._soon.start())
        self.refresh()

    def refresh(self) -> None:
        """Show the choices and the run."""
        suites, running, order = self._suites, self._running, self._running.order
        self._show_arms()
        self._form.setRowVisible(self.other_models, bool(self.other_models.boxes))
        specs = suites.models
        self.model.show_choices([(spec, spec or "The project's model") for spec in specs], order.models[0] or "")
        self.split.show_choices(suites.splits, order.split)
        self.trials.show_number(order.trials)
        self.concurrency.show_number(order.at_once)
        self.concurrency.setEnabled(order.on != BATCH)
        self.place.show_choices(PLACES, running.place)
        self.address.setVisible(order.is_on_cluster)
        if not self.address.hasFocus():
            self.address.setText(order.on if order.is_on_cluster else "")
        has_cases = suites.suite is not None and bool(suites.suite.cases)
        is_running = suites.is_running
        for button in (self.start, self.estimate, self.plan):
            button.setEnabled(has_cases and not is_running)
        can_compare = has_cases and not is_running and any(order.variants)
        self.pilot.setEnabled(can_compare)
        self.pilot.setToolTip("" if can_compare else "Choose a variant to compare first")
        self.race.setEnabled(running.can_race)
        self.race.setToolTip(running.race_obstacle)
        self.race.setChecked(running.is_race)
        self.early.setChecked(order.stop_early)
        self.quick.setChecked(order.per_cluster is not None)
        for widget in (self.split, self.early, self.quick):
            widget.setEnabled(not running.is_race)
        self.start.setText("Start race  Ctrl+Enter" if running.is_race else "Run suite  Ctrl+Enter")
        for button in (self.pause, self.stop):
            button.setVisible(is_running)
        self.pause.setEnabled(running.progress is not None)
        self.pause.setText("Continue" if running.is_paused else "Pause")
        for words, text in ((self._estimate_line, running.estimate_words), (self._prospect, running.prospect_words)):
            words.setText(text)
            words.setVisible(bool(text))
        if running.prospect is not None and not self.fixed.hasFocus() and not self.broken.hasFocus():
            self.fixed.show_number(round(running.prospect.fixed * 100))
            self.broken.show_number(round(running.prospect.broken * 100))
        self.rounds.show_race(running.rounds, running.race, is_running=is_running and running.is_race)
        self._show_progress()

    def _show_progress(self) -> None:
        running = self._running
        self._progress.setText(running.progress_words)
        self._progress.setVisible(bool(running.progress_words))
        said = "\n".join(filter(None, (running.interim, running.told)))
        self._interim.setText(said)
        self._interim.setVisible(bool(said))
        self.bar.setVisible(running.is_running)
        found = running.progress
        self.bar.setMaximum(max(1, found.wanted) if found is not None else 1)
        self.bar.setValue(found.done + found.failed if found is not None else 0)

    def _show_arms(self) -> None:
        order = self._running.order
        shown = (
            self.variants.show_names(self._suites.variants, order.variants),
            self.selectors.show_names(self._running.selectors, tuple(filter(None, order.selectors))),
            self.other_models.show_names(self._suites.other_models, tuple(filter(None, order.models[1:]))),
        )
        if any(shown):
            self._order_tabs()

    def _order_tabs(self) -> None:
        tab_in_order(
            *(*self.variants.boxes.values(), *self.selectors.boxes.values(), self.model),
            *(
                *self.other_models.boxes.values(),
                self.split,
                self.quick,
                self.trials,
                self.place,
                self.address,
                self.concurrency,
            ),
            *(self.budget, self.early, self.race, self.start, self.estimate, self.pause, self.stop),
            *(self.fixed, self.broken, self.plan, self.pilot),
        )

    def _take_address(self) -> None:
        if self._running.order.is_on_cluster and self.address.text().strip() != self._running.order.on:
            self._running.go_to(self.address.text())

    def _take_budget(self) -> None:
        text = self.budget.text().strip().lstrip("$")
        try:
            budget = Decimal(text) if text else None
        except InvalidOperation:
            self.budget.setText("")
            return
        if budget != self._running.order.budget:
            self._running.decide(budget=budget)

    def _start(self) -> None:
        self._tasks.start(RUN_TASK, self._suites.run())

    def _estimate(self) -> None:
        self._tasks.start("estimate a suite run", self._running.estimate())

    def _pilot(self) -> None:
        self._tasks.start(RUN_TASK, self._suites.run_pilot())

    def _plan(self) -> None:
        fixed, broken = self.fixed.number, self.broken.number
        if fixed is not None and broken is not None:
            self._tasks.start("plan a suite run", self._running.plan(fixed, broken))

    def _plan_row(self) -> QWidget:
        row, flow = flow_row()
        for words, field in (("fixed", self.fixed), ("broken", self.broken)):
            flow.addWidget(field)
            flow.addWidget(label(f"% {words}", "muted"))
        for button in (self.plan, self.pilot):
            flow.addWidget(button)
        return row

    def _lay_out(self) -> None:
        form = self._form = QFormLayout()
        form.setSpacing(10)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(label("Compare with variants", "muted"), self.variants)
        form.addRow(label("Compare all tools with selectors", "muted"), self.selectors)
        form.addRow(label("Model", "muted"), self.model)
        form.addRow(label("Also ask", "muted"), self.other_models)
        form.addRow(label("Cases", "muted"), self.split)
        form.addRow(label("", "muted"), self.quick)
        form.addRow(label("Trials of each case", "muted"), self.trials)
        where, where_flow = flow_row()
        for field in (self.place, self.address):
            where_flow.addWidget(field)
        form.addRow(label("Where", "muted"), where)
        form.addRow(label("At a time", "muted"), self.concurrency)
        form.addRow(label("Budget (US $)", "muted"), self.budget)
        form.addRow(label("", "muted"), self.early)
        form.addRow(label("", "muted"), self.race)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.start, self.estimate, self.pause, self.stop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(form)
        column.addLayout(buttons)
        for part in (self.bar, self._progress, self._interim, self._estimate_line, self.rounds):
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(label("Could it be shown?", "strong"))
        column.addWidget(label(_PLAN, "muted", wraps=True))
        column.addWidget(self._plan_row())
        column.addWidget(self._prospect)
        column.addStretch(1)
        self._order_tabs()
