"""Routing as a feature of the window: one page."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from workbench.core.errors import WorkbenchError
from workbench.core.ids import ROOT_SPAN
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, PlaceAction
from workbench.gui.inspector.inspector_feature import InspectorFeature
from workbench.gui.routing.selector_chip import SelectorChip
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.viewmodels.routing.routed_tools import routing_row, turn_of

if TYPE_CHECKING:
    from workbench.app.tools.tool_changes import Undoable
    from workbench.core.ids import RunId, SpanPath
    from workbench.gui.conversation.chat_pane import ChatPane
    from workbench.gui.routing.routing_page import RoutingPage
    from workbench.viewmodels.routing.routing_board import RoutingParts
    from workbench.viewmodels.runs.run_place import RunPlace, RunPlaceKind

ROUTING = "Routing"
_PAGE: PageKey[RoutingPage] = PageKey("routing")


class RoutingFeature(Feature["RoutingParts"]):
    """The page opens at most once."""

    def commands(self) -> tuple[Command, ...]:
        """The page."""
        words = "selectors search tools retrieval recall"
        return (
            Command(
                "routing",
                f"{ROUTING}: which tools a request is offered",
                "Tools",
                self.open,
                opens_page=True,
                synonyms=words,
            ),
        )

    def place_actions(self) -> tuple[PlaceAction, ...]:
        """Why tools were offered, and examples from what was recorded."""
        kinds: frozenset[RunPlaceKind] = frozenset({"message", "round", "call"})
        return (
            PlaceAction("why-offered", "Show which tools were offered, and why", kinds, self._show_cause_at),
            PlaceAction("add-example", "Make this request an example for routing", kinds, self._add_example),
        )

    def show_cause(self, run_id: RunId, span: SpanPath = ROOT_SPAN) -> None:
        """Open a recorded run where the tools of the round were chosen that a span lies in."""
        self.context.opening.run(run_id, lambda pane: self._show_routing(pane, run_id, span))

    def _show_cause_at(self, place: RunPlace) -> None:
        self.show_cause(place.run_id, place.span)

    def _show_routing(self, pane: ChatPane, run_id: RunId, span: SpanPath) -> None:
        context = self.context
        row = routing_row(pane.conversation.trace.rows, run_id, span)
        if row is None:
            context.toasts.tell("Nothing was routed there: every tool was offered.")
            return
        context.features.of(TraceFeature).show_row(row)
        view = context.features.of(InspectorFeature).dock.open_view
        if view is not None:
            view.open_tab("Tools")

    def _add_example(self, place: RunPlace) -> None:
        self.context.tasks.start("add an example", self._write_example(place.run_id, turn_of(place.span)))

    async def _write_example(self, run_id: RunId, turn: int) -> None:
        from workbench.app.suites.example_making import add_example

        parts, toasts = self.parts, self.context.toasts

        def write() -> Undoable:
            events, marks = tuple(parts.runs.load(run_id)), parts.suites.marks()
            return add_example(parts.project.folder, parts.toolset, parts.suites.files, events, turn, marks)

        try:
            done = await asyncio.to_thread(write)
        except WorkbenchError as error:
            toasts.tell(str(error), tone="warn")
            return
        toasts.tell(done.words, lambda: self.context.tasks.start("undo", self._take_back(done)), tone="ok")
        await self.context.read_again()

    async def _take_back(self, done: Undoable) -> None:
        try:
            await asyncio.to_thread(done.undo)
        except WorkbenchError as error:
            self.context.toasts.tell(str(error), tone="error")
        await self.context.read_again()

    def take_pane(self, pane: ChatPane) -> None:
        """Put the chip into the composer."""
        pane.composer.add_picker(SelectorChip(pane.conversation.composer, lambda: self.open_for(pane)))

    def open_for(self, pane: ChatPane) -> None:
        """Show what each selector would offer for the message that is being written."""
        page = self.open()
        if text := pane.conversation.composer.message:
            page.request.setPlainText(text)
            page.rank()

    def open(self) -> RoutingPage:
        """Show what each selector would offer."""
        from workbench.gui.routing.routing_page import RoutingPage
        from workbench.viewmodels.routing.routing_board import RoutingBoard

        context = self.context

        def make() -> RoutingPage:
            board = RoutingBoard(self.parts)
            return RoutingPage(ROUTING, board, context.look, context.tasks, context.toasts, context.read_again)

        return context.documents.show_page(_PAGE, ROUTING, make)

    def refresh(self) -> None:
        """The project's files were read again."""
        page = self.context.documents.page(_PAGE)
        if page is not None:
            page.refresh()
