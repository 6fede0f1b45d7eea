"""What to run of a suite, what it would take, and how far it is."""

from decimal import Decimal, InvalidOperation

from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.number_field import NumberField
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.suites.suites import SuitesViewModel

RUN_TASK = "suite run"
_MOST_TRIALS, _MOST_CONCURRENT = 100, 32


class RunView(QWidget):
    """Variants, model, split, trials, and the run under way."""

    def __init__(self, suites: SuitesViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self._suites = suites
        self._tasks = tasks
        self.variants: dict[str, QCheckBox] = {}
        self._variant_row, self._variant_flow = flow_row()
        self.model = ChoiceBox("Model")
        self.model.picked.connect(lambda spec: suites.decide(models=(spec or None,)))
        self.split = ChoiceBox("Cases")
        self.split.picked.connect(lambda split: suites.decide(split=split))
        self.trials = NumberField("Trials of each case", 1, _MOST_TRIALS, look)
        self.trials.number_changed.connect(lambda number: suites.decide(trials=number))
        self.concurrency = NumberField("Trials at a time", 4, _MOST_CONCURRENT, look)
        self.concurrency.number_changed.connect(lambda number: suites.decide(concurrency=number))
        self.budget = QLineEdit()
        self.budget.setAccessibleName("Budget in US dollars")
        self.budget.setPlaceholderText("no limit")
        self.budget.setFixedWidth(look.px(90))
        self.budget.editingFinished.connect(self._take_budget)
        self.early = QCheckBox("Stop as soon as the question is decided")
        self.early.toggled.connect(lambda is_on: suites.decide(stop_early=is_on))
        self.quick = QCheckBox("Only one case of each cluster, for a quick look")
        self.quick.toggled.connect(lambda is_on: suites.decide(per_cluster=1 if is_on else None))
        self._quote = label("", "muted", wraps=True)
        self._progress = label("", "strong", wraps=True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of the suite run")
        self.bar.setTextVisible(False)
        self.start = action_button("Run suite", "Run the suite", self._start, role="primary")
        self.estimate = action_button("Estimate", "Estimate time and price", self._estimate)
        self.pause = action_button("Pause", "Pause the suite run", suites.pause)
        self.stop = action_button("Stop", "Stop the suite run; what is done is kept", suites.stop)
        self._lay_out()
        listen(self, suites.changed, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is chosen, and the run."""
        suites, order = self._suites, self._suites.order
        self._show_variants()
        specs = suites.models
        self.model.show_choices([(spec, spec or "The project's model") for spec in specs], order.models[0] or "")
        self.split.show_choices(suites.splits, order.split)
        self.trials.show_number(order.trials)
        self.concurrency.show_number(order.concurrency)
        has_cases = suites.suite is not None and bool(suites.suite.cases)
        is_running = suites.is_running
        self.start.setEnabled(has_cases and not is_running)
        self.estimate.setEnabled(has_cases and not is_running)
        for button in (self.pause, self.stop):
            button.setVisible(is_running)
        self.pause.setText("Continue" if suites.is_paused else "Pause")
        self._quote.setText(suites.quote_words)
        self._quote.setVisible(bool(suites.quote_words))
        self._progress.setText(suites.progress_words)
        self._progress.setVisible(bool(suites.progress_words))
        self.bar.setVisible(is_running)
        if suites.progress is not None:
            self.bar.setMaximum(max(1, suites.progress.wanted))
            self.bar.setValue(suites.progress.done)

    def _show_variants(self) -> None:
        if tuple(self.variants) == self._suites.variants:
            for name, box in self.variants.items():
                box.setChecked(name in self._suites.order.variants)
            return
        for box in self.variants.values():
            self._variant_flow.removeWidget(box)
            box.deleteLater()
        self.variants = {}
        for name in self._suites.variants:
            box = self.variants[name] = QCheckBox(one_line(name, 40).replace("&", "&&"))
            box.setAccessibleName(f"Compare the variant {name}")
            box.setChecked(name in self._suites.order.variants)
            box.clicked.connect(self._take_variants)
            self._variant_flow.addWidget(box)

    def _take_variants(self) -> None:
        chosen = tuple(name for name, box in self.variants.items() if box.isChecked())
        self._suites.decide(variants=("", *chosen))

    def _take_budget(self) -> None:
        text = self.budget.text().strip().lstrip("$")
        try:
            budget = Decimal(text) if text else None
        except InvalidOperation:
            self.budget.setText("")
            return
        if budget != self._suites.order.budget:
            self._suites.decide(budget=budget)

    def _start(self) -> None:
        self._tasks.start(RUN_TASK, self._suites.run())

    def _estimate(self) -> None:
        self._tasks.start("estimate a suite run", self._suites.estimate())

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(10)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(label("Compare with variants", "muted"), self._variant_row)
        form.addRow(label("Model", "muted"), self.model)
        form.addRow(label("Cases", "muted"), self.split)
        form.addRow(label("", "muted"), self.quick)
        form.addRow(label("Trials of each case", "muted"), self.trials)
        form.addRow(label("At a time", "muted"), self.concurrency)
        form.addRow(label("Budget (US $)", "muted"), self.budget)
        form.addRow(label("", "muted"), self.early)
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
        column.addWidget(self._quote)
        column.addWidget(self.bar)
        column.addWidget(self._progress)
        column.addStretch(1)
