"""Mocks as a feature of the window: one page, and finished calls that become rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core.ids import CallId, RunId
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, PlaceAction
from workbench.viewmodels.runs.run_place import RunPlace

if TYPE_CHECKING:
    from workbench.gui.mocks.mocks_page import MocksPage
    from workbench.viewmodels.mocks.mock_form import MockParts

MOCKS = "Mocks"
_PAGE: PageKey[MocksPage] = PageKey("mocks")


class MocksFeature(Feature["MockParts"]):
    """The page opens at most once."""

    def commands(self) -> tuple[Command, ...]:
        """The page."""
        return (Command("mocks", f"{MOCKS}: answer without running tools", "Project", self.open, opens_page=True),)

    def place_actions(self) -> tuple[PlaceAction, ...]:
        """A finished call can become a rule of a mock."""
        words = "Always answer like this (mock)"
        return (
            PlaceAction(
                "mock-call", words, frozenset({"call"}), self._mock_place, lambda run_place: run_place.is_settled
            ),
        )

    def open(self) -> MocksPage:
        """Show the mocks of the project's tools."""
        from workbench.gui.mocks.mocks_page import MocksPage

        context = self.context
        return context.documents.show_page(
            _PAGE, MOCKS, lambda: MocksPage(MOCKS, self.parts, context.look, context.tasks, context.read_again)
        )

    def mock_call(self, run: RunId, call_id: str) -> None:
        """Answer like this finished call from now on; the page shows the rule it became."""
        self.open().take_call(run, CallId(call_id))

    def refresh(self) -> None:
        """The project's files were read again."""
        page = self.context.documents.page(_PAGE)
        if page is not None:
            page.refresh()

    def _mock_place(self, run_place: RunPlace) -> None:
        if run_place.call_id is not None:
            self.mock_call(run_place.run_id, run_place.call_id)
