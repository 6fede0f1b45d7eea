"""Serving the project as a feature of the window: one page, and a service that ends with the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature
from workbench.service.serve_extra import needs_serve_extra

if TYPE_CHECKING:
    from workbench.app.service.client_tokens import ClientTokens
    from workbench.app.service.tool_service import ToolService
    from workbench.gui.service.serving_page import ServingPage
    from workbench.viewmodels.service.serving import RunningService, Serving, ServingParts

SERVE = "Serve this project"
_PAGE: PageKey[ServingPage] = PageKey("serving")


class ServiceFeature(Feature["ServingParts"]):
    """The service goes on when its page is closed, and ends with the window."""

    _serving: Serving | None = None

    def commands(self) -> tuple[Command, ...]:
        """The page."""
        return (
            Command(
                "serve", f"{SERVE}…", "Project", self.open, opens_page=True, synonyms="server HTTP MCP API token export"
            ),
        )

    def open(self) -> ServingPage:
        """Show how the project is served."""
        return self.context.documents.show_page(_PAGE, SERVE, self._make)

    async def put_away(self) -> None:
        """The window closes."""
        if self._serving is not None:
            await self._serving.close()

    def _make(self) -> ServingPage:
        from workbench.gui.service.serving_page import ServingPage
        from workbench.viewmodels.service.serving import Serving

        context = self.context
        if self._serving is None:
            self._serving = Serving(self.parts, make_service, lambda act: QTimer.singleShot(0, context.documents, act))
        return ServingPage(SERVE, self._serving, context.look, context.tasks, context.open_run)


def make_service(tools: ToolService, tokens: ClientTokens, title: str, port: int, with_mcp: bool) -> RunningService:
    """The server, which is imported now. Raises `UsageError` without the extra `serve`."""
    with needs_serve_extra():
        from workbench.service.server import Service
    return Service(tools, tokens, title=title, port=port, with_mcp=with_mcp)
