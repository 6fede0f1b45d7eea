"""Approvals and grants: the project's rules, what they would say, and the permissions that hold."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from PySide6.QtCore import QTimer

from workbench.app.parts import HasGrants
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import PageFrame
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.rules.grants_panel import GrantsPanel
from workbench.gui.rules.policy_panel import PolicyPanel
from workbench.gui.rules.policy_preview_panel import PolicyPreviewPanel
from workbench.gui.rules.rule_trial_panel import RuleTrialPanel
from workbench.gui.rules.undo_switch import UndoSwitch
from workbench.viewmodels.rules.grant_list import GrantList
from workbench.viewmodels.rules.policy_form import PolicyForm, PolicyPreviewViewModel, PreviewParts, RuleParts
from workbench.viewmodels.rules.rule_trial import RuleTrial, TrialParts


class RulesPageParts(RuleParts, PreviewParts, TrialParts, HasGrants, Protocol):
    """What the page of rules shows and edits."""


class RulesPage(PageFrame):
    """One page in a tab."""

    def __init__(
        self, name: str, parts: RulesPageParts, look: Look, tasks: Tasks, reload: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(name)
        form = PolicyForm(parts, reload)
        grants = GrantList(parts.grants, later=lambda act: QTimer.singleShot(0, self, act))
        self.policy = PolicyPanel(form, look, tasks)
        self.policy_outcome = PolicyPreviewPanel(PolicyPreviewViewModel(parts), look, tasks)
        self.trial = RuleTrialPanel(RuleTrial(parts, form), form, look, tasks)
        self.grants = GrantsPanel(grants, look)
        self.refresh = form.refresh
        self.add_section(
            "Rules",
            "Rules apply top to bottom; the first match decides. Stored in workbench.toml.",
            self.policy,
        )
        self.add_section(
            "What would happen to recorded calls?",
            "Every recorded call of the tools this rule names, by the saved rules and with this one saved.",
            self.trial,
        )
        self.add_section(
            "What would happen to another call?",
            "Try an example call. Nothing is run, asked, or recorded.",
            self.policy_outcome,
        )
        self.undo = UndoSwitch(parts.habit)
        self.add_section(
            "After approving",
            "A call that may destroy data or reach outside starts after a short delay: press Esc or Undo to cancel it.",
            self.undo,
        )
        self.add_section(
            "Grants",
            "Permissions you granted with an approval. They end when the tool or its executor changes.",
            self.grants,
        )
        listen(self, form.changed, self.policy_outcome.ask)
        listen(self, grants.changed, self.policy_outcome.ask)
        QTimer.singleShot(0, self, self.policy_outcome.ask)
        QTimer.singleShot(0, self, self.trial.ask)
