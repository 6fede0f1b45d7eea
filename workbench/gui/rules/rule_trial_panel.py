"""What the rule in the form would do to recorded calls, updated while it is edited."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.rules.policy_form import PolicyForm
from workbench.viewmodels.rules.rule_trial import RuleTrial

_PAUSE_MS = 250
_COLUMNS = ("Now", "With this rule", "Tool", "Arguments", "When")


class RuleTrialPanel(QWidget):
    """Shows a `RuleTrial`."""

    def __init__(self, trial: RuleTrial, form: PolicyForm, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self._trial = trial
        self._tasks = tasks
        self.setProperty("role", "clear")
        self.words = label("", "strong", wraps=True)
        self.table = RowsTable("What would happen to recorded calls", _COLUMNS, look, wide=3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addWidget(self.table)
        self._timer = delay(self, _PAUSE_MS, self.ask)
        listen(self, form.changed, self._timer.start)
        listen(self, trial.changed, self._refresh)
        self._refresh()

    def ask(self) -> None:
        """Check now; what is typed meanwhile is checked next."""
        if not self._tasks.start("rule trial", self._trial.judge()):
            self._timer.start()

    def read_again(self) -> None:
        """Check again: there may be new calls."""
        self._trial.forget()
        self._timer.start()

    def _refresh(self) -> None:
        rows = self._trial.rows
        self.words.setText(self._trial.words)
        self.table.show_rows(rows, None)
        self.table.setVisible(bool(rows))
