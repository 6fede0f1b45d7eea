"""An imagined call: which rule would apply, and what it would decide."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.rules.policy_form import PolicyPreviewViewModel
from workbench.viewmodels.shared.plain import one_line

_PAUSE_MS = 200


class PolicyPreviewPanel(QWidget):
    """Shows a `PolicyPreviewViewModel`; it updates while the user types."""

    def __init__(self, preview: PolicyPreviewViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self._preview = preview
        self._tasks = tasks
        self.tool = ComboBox()
        self.tool.setAccessibleName("Tool of the call")
        self.tool.view().setAccessibleName("Tools")
        self.tool.setMinimumWidth(look.px(200))
        for name in preview.tools:
            self.tool.addItem(one_line(name, 64), name)
        self.tool.currentIndexChanged.connect(self._take)
        self.arguments = QLineEdit(preview.arguments)
        self.arguments.setAccessibleName("Arguments of the call, as JSON")
        self.arguments.setProperty("face", "mono")
        self.arguments.textEdited.connect(self._take)
        self.verdict = label("", "strong", wraps=True)
        self.reasons = label("", "hint", wraps=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.tool)
        row.addWidget(self.arguments, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.verdict)
        column.addWidget(self.reasons)
        self._timer = delay(self, _PAUSE_MS, self.ask)
        listen(self, preview.changed, self._refresh)

    def ask(self) -> None:
        """Update now; what is typed meanwhile comes next."""
        if self.tool.count() and not self._tasks.start("forecast", self._preview.preview()):
            self._timer.start()

    def _take(self, *_: object) -> None:
        self._preview.tool = str(self.tool.currentData() or "")
        self._preview.arguments = self.arguments.text()
        self._timer.start()

    def _refresh(self) -> None:
        self.verdict.setText(self._preview.title)
        set_role(self.verdict, "tone", self._preview.tone)
        self.verdict.setVisible(bool(self._preview.title))
        self.reasons.setText("\n".join(one_line(reason, 400) for reason in self._preview.reasons))
