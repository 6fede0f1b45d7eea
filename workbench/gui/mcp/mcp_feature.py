"""MCP servers as a feature of the window: one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature

if TYPE_CHECKING:
    from workbench.gui.mcp.servers_page import ServersPage
    from workbench.viewmodels.mcp.server_list import ServerParts

SERVERS = "MCP servers"
_PAGE: PageKey[ServersPage] = PageKey("servers")


class McpFeature(Feature["ServerParts"]):
    """The page opens at most once."""

    def commands(self) -> tuple[Command, ...]:
        """The page."""
        return (
            Command(
                "servers", f"{SERVERS}: approve, connect, import", "Project", self.open, opens_page=True, synonyms="MCP"
            ),
        )

    def open(self) -> ServersPage:
        """Show the MCP servers of the project."""
        return self.context.documents.show_page(_PAGE, SERVERS, self._make)

    def refresh(self) -> None:
        """The project's files were read again."""
        page = self.context.documents.page(_PAGE)
        if page is not None:
            page.refresh()

    def _make(self) -> ServersPage:
        from workbench.gui.mcp.servers_page import ServersPage
        from workbench.viewmodels.mcp.server_list import ServerList

        context = self.context
        servers = ServerList(
            self.parts, context.read_again, later=lambda act: QTimer.singleShot(0, context.documents, act)
        )
        return ServersPage(SERVERS, servers, context.look, context.tasks)
