"""Running one tool as a feature of the window: one page, one key, from the palette, the explorer and the editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from workbench.app.runs.live_run import LiveRun
from workbench.core.ids import CallId, RunId
from workbench.gui.explorer.explorer_feature import ExplorerFeature
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, ItemAction, WindowContext
from workbench.gui.mocks.mocks_feature import MocksFeature
from workbench.gui.schema_editor.schema_editor_feature import EDITOR, SchemaEditorFeature

if TYPE_CHECKING:
    from workbench.gui.schema_editor.editor_header import MenuEntry
    from workbench.gui.schema_editor.editor_page import EditorPage
    from workbench.gui.tool_runs.tool_run_page import ToolRunPage
    from workbench.viewmodels.tool_runs.tool_run import ToolRun, ToolRunParts

RUN = "Run a tool"
_PAGE: PageKey[ToolRunPage] = PageKey("run-tool")
_PAST = "read earlier calls"


@dataclass(frozen=True)
class ResultAction:
    """An action for a finished call: a button's text, its spoken name, and its function."""

    text: str
    name: str
    act: Callable[[RunId, CallId], object]


class ToolRunsFeature(Feature["ToolRunParts"]):
    """The page opens at most once. Other features add actions for a finished call in `result_actions`."""

    def __init__(self, context: WindowContext, parts: ToolRunParts) -> None:
        super().__init__(context, parts)
        self.result_actions: list[ResultAction] = [
            ResultAction("Use as mock", "Always answer like this (mock)", self._mock),
            ResultAction("Send to chat", "Continue with this call in a conversation", self._chat),
            ResultAction("Copy result", "Copy the result", lambda run_id, call_id: self._copy()),
        ]

    def commands(self) -> tuple[Command, ...]:
        """The page, with the current tool."""
        return (Command("run-tool", f"{RUN}…", "Tools", self.open_here, ("F9",), "play", opens_page=True),)

    def item_actions(self) -> tuple[ItemAction, ...]:
        """A tool of the explorer."""
        words = f"Run…\t{self.context.commands.shown_keys('run-tool')}"
        return (ItemAction("run-tool", words, lambda item: self.open(item.target), lambda item: item.kind == "tool"),)

    def begin(self) -> None:
        """The editor's menu has it too."""
        self.context.features.of(SchemaEditorFeature).page_made.connect(
            lambda page: page.header.extra_entries.append(lambda: self._entries(page))
        )

    def open_here(self) -> ToolRunPage:
        """Show the tool of the open editor, or the one chosen in the explorer; if the page is open, run the tool."""

        context = self.context
        page = context.documents.currentWidget()
        if _PAGE.fits(page):
            self.start(page)
            return page
        if EDITOR.fits(page) and page.editor.save():
            return self.open(page.editor.name)
        chosen = context.features.of(ExplorerFeature).tree.chosen
        return self.open(chosen.target if chosen is not None and chosen.kind == "tool" else "")

    def open(self, tool: str = "") -> ToolRunPage:
        """Show the page with this tool; its arguments are kept while the tool stays the same."""
        page = self.context.documents.show_page(_PAGE, RUN, lambda: self._make(tool))
        if tool:
            page.run.open(tool)
        page.run.refresh()
        page.arguments.focus_first()
        self._read_past(page.run)
        return page

    def start(self, page: ToolRunPage) -> None:
        """Run the tool; if values are wrong, go to the first of them."""
        live = page.run.start()
        if live is None:
            page.arguments.focus_first()
            return
        page.follow(live.log)
        self.context.tasks.start(f"run {live.run_id}", self._watch(live, page.run), self.context.history.read)

    def focus_call(self, call_id: CallId) -> bool:
        """The card on the page."""
        page = self.context.documents.page(_PAGE)
        card = page.card if page is not None else None
        if page is None or card is None or card.entry.call_id != call_id:
            return False
        self.context.documents.setCurrentWidget(page)
        card.take_focus()
        return True

    def refresh(self) -> None:
        """The project's files were read again."""
        page = self.context.documents.page(_PAGE)
        if page is not None:
            page.run.refresh()

    async def _watch(self, live: LiveRun, run: ToolRun) -> None:
        try:
            await live.finished()
        finally:
            run.run_over()
        await run.read_past()

    def _make(self, tool: str) -> ToolRunPage:
        from workbench.gui.tool_runs.tool_run_page import ToolRunPage
        from workbench.viewmodels.tool_runs.tool_run import ToolRun

        page = ToolRunPage(ToolRun(self.parts, tool), self.context.approvals, self.context.look)
        page.run_asked.connect(lambda: self.start(page))
        page.trace_asked.connect(lambda: self._show_in_trace(page.run))
        page.place_menu_asked.connect(lambda run_place, point: self.context.features.open_menu(run_place, point, page))
        page.run.opened.connect(lambda: self._read_past(page.run))
        for action in self.result_actions:
            page.add_result_action(action.text, action.name, partial(self._act, page.run, action))
        return page

    def _act(self, run: ToolRun, action: ResultAction) -> None:
        call_id = run.entry.call_id if run.entry is not None else None
        if run.run_id is not None and call_id is not None:
            action.act(run.run_id, call_id)

    def _mock(self, run_id: RunId, call_id: CallId) -> None:
        self.context.features.of(MocksFeature).mock_call(run_id, call_id)

    def _show_in_trace(self, run: ToolRun) -> None:
        call_id = run.entry.call_id if run.entry is not None else None
        if run.run_id is not None and call_id is not None:
            self.context.opening.run(run.run_id, lambda pane: pane.call_selected.emit(call_id))

    def _chat(self, run_id: RunId, _call_id: CallId) -> None:
        self.context.opening.run(run_id, lambda pane: pane.composer.editor.setFocus())

    def _copy(self) -> None:
        page = self.context.documents.page(_PAGE)
        entry = page.run.entry if page is not None else None
        if entry is not None and entry.result_text is not None:
            QGuiApplication.clipboard().setText(entry.result_text)
            self.context.toasts.tell("Copied the result", tone="ok")

    def _read_past(self, run: ToolRun) -> None:
        self.context.tasks.start(f"{_PAST} {run.tool}", run.read_past())

    def _entries(self, page: EditorPage) -> tuple[MenuEntry, ...]:
        return (("Run…", self.context.commands.shown_keys("run-tool"), self.open_here),) if page.editor.name else ()
