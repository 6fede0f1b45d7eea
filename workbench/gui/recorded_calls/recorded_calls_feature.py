"""Recorded calls, checked against tools that have changed, as a feature of the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from PySide6.QtCore import QPoint

from workbench.app.parts import HasPrices, HasRuns, HasTools
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, ItemAction, WindowContext
from workbench.gui.kit.listening import listen
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.viewmodels.explorer.explorer_item import ExplorerItem
from workbench.viewmodels.runs.run_place import RunPlace

if TYPE_CHECKING:
    from workbench.app.recorded_calls.background_check import BackgroundCheck
    from workbench.gui.recorded_calls.recorded_calls_page import RecordedCallsPage
    from workbench.gui.schema_editor.editor_page import EditorPage
    from workbench.viewmodels.recorded_calls.recorded_call_report import (
        CheckRequest,
        RecordedCallReportViewModel,
        RecordedCallRow,
    )

_PAGE: PageKey[RecordedCallsPage] = PageKey("judge-calls")

_Question = Callable[[], "CheckRequest | None"]


class RecordedCallsParts(HasRuns, HasTools, HasPrices, Protocol):
    """What checks of recorded calls are made of."""


class RecordedCallsFeature(Feature[RecordedCallsParts]):
    """The list of recorded calls, and the strip in each editor of a tool."""

    def __init__(self, context: WindowContext, parts: RecordedCallsParts) -> None:
        super().__init__(context, parts)
        self._background: BackgroundCheck | None = None
        self._questions: WeakKeyDictionary[RecordedCallReportViewModel, _Question] = WeakKeyDictionary()
        """Every report, and what it is checked against when it is checked again."""
        self._count = 0

    @property
    def background(self) -> BackgroundCheck:
        """Made with the first report, closed with the window."""
        from workbench.app.recorded_calls.background_check import BackgroundCheck

        if self._background is None:
            self._background = BackgroundCheck(self.parts.runs, self.parts.prices)
        return self._background

    def commands(self) -> tuple[Command, ...]:
        """Check all of them."""
        words = "Check recorded calls against the current tools"
        return (Command("judge-calls", words, "Variants", self.check_project, opens_page=True),)

    def item_actions(self) -> tuple[ItemAction, ...]:
        """Check those of a tool."""

        def is_tool(item: ExplorerItem) -> bool:
            return item.kind == "tool"

        return (
            ItemAction("judge-tool", "Check recorded calls", lambda item: self.check_project(item.target), is_tool),
        )

    def begin(self) -> None:
        """Each editor gets a strip."""
        listen(self.context.as_window, self.context.features.of(SchemaEditorFeature).page_made, self._take_editor)

    async def put_away(self) -> None:
        """Nothing reads the history anymore when the session closes."""
        for report in tuple(self._questions):
            report.close()
        if self._background is not None:
            await self._background.close()

    def check_project(self, tool: str = "") -> None:
        """List every recorded call, or those of one tool, checked against the current tools."""
        from workbench.viewmodels.recorded_calls.recorded_call_report import CheckRequest

        def question() -> CheckRequest:
            self.context.features.of(SchemaEditorFeature).save_pages()
            return CheckRequest(
                self.parts.toolset, {}, frozenset((tool,)) if tool else None, tool or "the current tools"
            )

        report = self.new_report(question)
        self.open_report(report)
        self.check(report)

    def new_report(self, question: _Question) -> RecordedCallReportViewModel:
        """A report, closed with the window. `question` says what to check against; None means not now."""
        from workbench.viewmodels.recorded_calls.recorded_call_report import RecordedCallReportViewModel

        report = RecordedCallReportViewModel(self.background, self.context.work.begin)
        self._questions[report] = question
        return report

    def check(self, report: RecordedCallReportViewModel) -> None:
        """Check again."""
        question = self._questions[report]()
        if question is not None:
            self._count += 1
            self.context.tasks.start(f"check calls {self._count}", report.judge(question))

    def open_report(self, report: RecordedCallReportViewModel) -> RecordedCallsPage:
        """Show the list of a report."""
        page = self.context.documents.show_page(_PAGE, "Recorded calls", self._make_page)
        page.show_report(report)
        return page

    def _make_page(self) -> RecordedCallsPage:
        from workbench.gui.recorded_calls.recorded_calls_page import RecordedCallsPage

        def check() -> None:
            if page.report is not None:
                self.check(page.report)

        page = RecordedCallsPage(self.context.look, self._open_call, check, self._open_menu)
        return page

    def _take_editor(self, page: EditorPage) -> None:
        from workbench.gui.recorded_calls.editor_strip import EditorStrip

        def question() -> CheckRequest | None:
            return strip.question()

        report = self.new_report(question)
        strip = EditorStrip(page, self.parts, report, self.context.look, self.check, self.open_report)
        page.destroyed.connect(lambda *_: self._questions.update({report: lambda: None}))

    def _open_menu(self, row: RecordedCallRow, point: QPoint) -> None:
        run_place = RunPlace("call", row.run_id, row.span, row.call_id, row.tool, is_settled=True)
        self.context.features.open_menu(run_place, point, self.context.as_window)

    def _open_call(self, row: RecordedCallRow) -> None:
        def arrive(pane: ChatPane) -> None:
            found = pane.conversation.trace.row_of_call(row.call_id)
            self.context.features.of(TraceFeature).show_row(found)
            pane.chat.focus_card(row.call_id)

        self.context.opening.run(row.run_id, arrive)
