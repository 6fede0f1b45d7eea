"""Approval rules as a feature of the window: the page of rules and grants, and a box in every editor."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.kit.listening import listen
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature

if TYPE_CHECKING:
    from workbench.gui.rules.policy_box import PolicyBox
    from workbench.gui.rules.rules_page import RulesPage, RulesPageParts
    from workbench.gui.schema_editor.editor_page import EditorPage

RULES = "Approvals and grants"
_PAGE: PageKey[RulesPage] = PageKey("rules")


class RulesFeature(Feature["RulesPageParts"]):
    """The page opens at most once."""

    def __init__(self, context: WindowContext, parts: RulesPageParts) -> None:
        super().__init__(context, parts)
        self._boxes: WeakSet[PolicyBox] = WeakSet()

    def commands(self) -> tuple[Command, ...]:
        """The page."""
        return (Command("rules", f"{RULES}: rules and permissions", "Approvals", self.open, opens_page=True),)

    def begin(self) -> None:
        """Add a box to every editor."""
        listen(self.context.as_window, self.context.features.of(SchemaEditorFeature).page_made, self._take_editor)

    def open(self) -> RulesPage:
        """Show the approval rules and the active grants."""
        from workbench.gui.rules.rules_page import RulesPage

        context = self.context
        return context.documents.show_page(
            _PAGE, RULES, lambda: RulesPage(RULES, self.parts, context.look, context.tasks, context.read_again)
        )

    def refresh(self) -> None:
        """The project's files were read again."""
        page = self.context.documents.page(_PAGE)
        if page is not None:
            page.refresh()
        for box in self._boxes:
            box.policy.refresh()

    def _take_editor(self, page: EditorPage) -> None:
        from workbench.gui.rules.policy_box import add_policy_box

        box = add_policy_box(page, self.parts, self.context.tasks, self.context.read_again)
        self._boxes.add(box)
        page.destroyed.connect(lambda *_: self._boxes.discard(box))
