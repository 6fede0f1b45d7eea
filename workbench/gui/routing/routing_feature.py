"""Routing as a feature of the window: one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature
from workbench.gui.routing.selector_chip import SelectorChip

if TYPE_CHECKING:
    from workbench.gui.conversation.chat_pane import ChatPane
    from workbench.gui.routing.routing_page import RoutingPage
    from workbench.viewmodels.routing.routing_board import RoutingParts

ROUTING = "Routing"
_PAGE: PageKey[RoutingPage] = PageKey("routing")


class RoutingFeature(Feature["RoutingParts"]):
    """The page is open once."""

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
