"""Checking tools as a feature of the window: one page, from the palette and the menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import WorkbenchError
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.viewmodels.shared.plain import one_line

if TYPE_CHECKING:
    from workbench.app.schema_editor.token_counting import Counter
    from workbench.gui.lint.lint_page import LintPage
    from workbench.viewmodels.lint.lint_list import LintList, LintParts
    from workbench.viewmodels.lint.weight_list import WeightList, WeightParts

    class CheckParts(LintParts, WeightParts, Protocol):
        """What the page needs."""


CHECK = "Check tools"
_PAGE: PageKey[LintPage] = PageKey("lint")
_TASK = "check tools"


class LintFeature(Feature["CheckParts"]):
    """The page opens at most once; it checks again whenever the project was read."""

    def __init__(self, context: WindowContext, parts: CheckParts) -> None:
        super().__init__(context, parts)
        self._lists: tuple[LintList, WeightList] | None = None

    @property
    def _findings(self) -> LintList:
        return self._made_lists()[0]

    @property
    def _weights(self) -> WeightList:
        return self._made_lists()[1]

    def _made_lists(self) -> tuple[LintList, WeightList]:
        """Created on first use."""
        from workbench.viewmodels.lint.lint_list import LintList
        from workbench.viewmodels.lint.weight_list import WeightList

        if self._lists is None:
            self._lists = LintList(self.parts), WeightList(self.parts)
        return self._lists

    def commands(self) -> tuple[Command, ...]:
        """The page."""
        words = "lint problems findings warnings rules quality"
        return (Command("check-tools", CHECK, "Tools", self.open, opens_page=True, synonyms=words),)

    def open(self) -> LintPage:
        """Show the page, and check."""
        page = self.context.documents.show_page(_PAGE, CHECK, self._make)
        page.setFocus()
        self.check()
        return page

    def refresh(self) -> None:
        """The project's files were read again."""
        if self.context.documents.page(_PAGE) is not None:
            self.check()

    def check(self) -> None:
        """Check the tools, including unsaved text in open editors."""
        self.context.features.of(SchemaEditorFeature).save_pages()
        self.context.tasks.start(_TASK, self._findings.check())
        self.context.tasks.start("weigh tools", self._weights.weigh())

    def fix(self) -> None:
        """Apply the fix of the chosen finding; it can be undone."""
        self.context.features.of(SchemaEditorFeature).save_pages()
        self._change(self._findings.fix)

    def fix_all(self) -> None:
        """Apply all fixes; one undo reverts them."""
        self.context.features.of(SchemaEditorFeature).save_pages()
        self.context.tasks.start("fix all problems", self._fix_all())

    def open_tool(self) -> None:
        """Go to the place of the chosen finding."""
        finding = self._findings.chosen
        if finding is not None and finding.tool:
            path = self.parts.project.folder / finding.file
            self.context.features.of(SchemaEditorFeature).open_file(path, finding.line)

    async def _fix_all(self) -> None:
        try:
            done = await self._findings.fix_all()
        except WorkbenchError as error:
            self.context.toasts.tell(one_line(str(error), 200), tone="error")
            return
        self._tell(done)

    def _change(self, change: Callable[[], Undoable | None]) -> None:
        try:
            done = change()
        except WorkbenchError as error:
            self.context.toasts.tell(one_line(str(error), 200), tone="error")
            return
        self._tell(done)

    def _tell(self, done: Undoable | None) -> None:
        if done is not None:
            self.context.toasts.tell(one_line(done.words, 200), lambda: self.take_back(done.undo), tone="ok")
        self.context.tasks.start("read the project after a fix", self.context.read_again())

    def _count(self, counter: Counter) -> None:
        self.context.tasks.start("count tokens of a tool", self._weights.count(counter))

    def _make(self) -> LintPage:
        from workbench.gui.lint.lint_page import LintPage
        from workbench.gui.lint.weight_view import WeightView

        look = self.context.look
        weights = WeightView(self._weights, look, count=self._count)
        return LintPage(
            self._findings,
            weights,
            look,
            check=self.check,
            fix=self.fix,
            fix_all=self.fix_all,
            open_tool=self.open_tool,
        )
