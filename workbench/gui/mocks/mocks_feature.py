"""Mocks as a feature of the window: one page, and finished calls that become rules."""

from workbench.core.ids import CallId, RunId
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, SpotAct
from workbench.gui.mocks.mocks_page import MocksPage
from workbench.viewmodels.runs.run_place import Spot

MOCKS = "Mocks"
_PAGE = PageKey(MocksPage, "mocks")


class MocksFeature(Feature):
    """The page is open once."""

    def commands(self) -> tuple[Command, ...]:
        """The page."""
        return (Command("mocks", f"{MOCKS}: answers in place of tools", "Project", self.open),)

    def spot_acts(self) -> tuple[SpotAct, ...]:
        """A finished call can become a rule of a mock."""
        words = "Answer like this from now on (mock)"
        return (SpotAct("mock-call", words, frozenset({"call"}), self._mock_spot, lambda spot: spot.is_settled),)

    def open(self) -> MocksPage:
        """Show the mocks of the project's tools."""
        place = self.place
        return place.documents.show_page(
            _PAGE, MOCKS, lambda: MocksPage(MOCKS, place.session, place.look, place.tasks, place.read_again)
        )

    def mock_call(self, run: RunId, call_id: str) -> None:
        """Answer like this finished call from now on; the page shows the rule it became."""
        self.open().take_call(run, CallId(call_id))

    def refresh(self) -> None:
        """The project's files were read again."""
        page = self.place.documents.page(_PAGE)
        if page is not None:
            page.refresh()

    def _mock_spot(self, spot: Spot) -> None:
        if spot.call_id is not None:
            self.mock_call(spot.run_id, spot.call_id)
