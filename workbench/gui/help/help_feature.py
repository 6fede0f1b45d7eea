"""The user guide as a feature of the window, and the question before a link is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.app.project.resources import resources
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature

if TYPE_CHECKING:
    from workbench.gui.help.help_page import HelpPage

_PAGE: PageKey[HelpPage] = PageKey("help")


class HelpFeature(Feature[object]):
    """The guide opens at most once."""

    def commands(self) -> tuple[Command, ...]:
        """The guide."""
        return (Command("help", "User guide", "Help", self.open, ("F1",), opens_page=True),)

    def open(self) -> HelpPage:
        """Show the user guide in a tab."""
        return self.context.documents.show_page(_PAGE, "User guide", self._make)

    def ask_about_link(self, address: str) -> None:
        """Show the full address of a link before it is opened."""
        from workbench.gui.kit.link_dialog import LinkDialog

        LinkDialog(address, self.context.look, self.context.as_window).open()

    def _make(self) -> HelpPage:
        from workbench.gui.help.help_page import HelpPage

        page = HelpPage(resources() / "help", self.context.look)
        page.link_asked.connect(self.ask_about_link)
        return page
