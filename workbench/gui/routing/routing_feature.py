"""Routing as a feature of the window: one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature

if TYPE_CHECKING:
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
