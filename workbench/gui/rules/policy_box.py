"""What happens to calls of the tool in the editor: one choice, and which rule speaks now."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.labels import ElidedLabel, label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.tasks import Tasks
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.viewmodels.rules.policy_form import RuleParts
from workbench.viewmodels.rules.tool_policy import CHOICES, ToolPolicy


class PolicyBox(QFrame):
    """Shows a `ToolPolicy`. What is chosen is written at once."""

    def __init__(self, policy: ToolPolicy, tasks: Tasks) -> None:
        super().__init__()
        self.policy = policy
        self._tasks = tasks
        self._is_showing = False
        self.setProperty("role", "bar")
        self.setAccessibleName("Approval for this tool")
        self.choice = ComboBox()
        self.choice.setAccessibleName("When the model calls this tool")
        self.choice.view().setAccessibleName("What can happen to calls")
        for choice, words in CHOICES:
            self.choice.addItem(words, choice)
        self.choice.currentIndexChanged.connect(self._take)
        caption = label("When called", "caption")
        caption.setBuddy(self.choice)
        self.effect = ElidedLabel("", "hint")
        self.undo = QPushButton("Undo")
        self.undo.setAccessibleName("Undo the change to this tool's rule")
        self.undo.clicked.connect(lambda _=False: self._start(policy.undo()))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(10)
        row.addWidget(caption)
        row.addWidget(self.choice)
        row.addWidget(self.effect, 1)
        row.addWidget(self.undo)
        self._refresh()
        listen(self, policy.changed, self._refresh)

    def _take(self, *_: object) -> None:
        if not self._is_showing:
            self._start(self.policy.choose(self.choice.currentData()))

    def _start(self, work: Coroutine[Any, Any, bool]) -> None:
        if not self._tasks.start("rule of a tool", work):
            self._refresh()  # an earlier change is still being written

    def _refresh(self) -> None:
        policy = self.policy
        self._is_showing = True
        self.choice.setCurrentIndex(self.choice.findData(policy.choice))
        self._is_showing = False
        effect, tone = policy.effect
        self.effect.setText(effect if policy.is_good else policy.message)
        set_role(self.effect, "tone", tone if policy.is_good else "error")
        self.undo.setVisible(policy.can_undo)


def add_policy_box(
    page: EditorPage, parts: RuleParts, tasks: Tasks, reload: Callable[[], Awaitable[None]]
) -> PolicyBox:
    """Put the box under the page's header; it follows the project and the tool's name."""
    policy = ToolPolicy(parts, lambda: page.editor.name, reload)
    box = PolicyBox(policy, tasks)
    page.add_strip(box)
    listen(box, page.editor.file.written, policy.refresh)
    return box
