"""The pages about what may happen, and the commands that open them."""

from PySide6.QtCore import QTimer

from workbench.core.ids import CallId, RunId
from workbench.gui.rules.rules_page import RulesPage
from workbench.gui.frame.actions import Command
from workbench.gui.frame.feature import Feature, SpotAct
from workbench.gui.kit.clipboard_guard import ClipboardGuard
from workbench.gui.mcp.servers_page import ServersPage
from workbench.gui.mocks.mocks_page import MocksPage
from workbench.viewmodels.mcp.server_list import ServerList
from workbench.viewmodels.runs.run_place import Spot

RULES = "Approvals and grants"
SERVERS = "MCP servers"
MOCKS = "Mocks"


class SafetyPages(Feature):
    """Each page is open once at most."""

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers about safety."""
        return (
            Command("rules", f"{RULES}: rules and permissions", "Approvals", self.rules),
            Command("servers", f"{SERVERS}: approve, connect, import", "Project", self.servers),
            Command("mocks", f"{MOCKS}: answers in place of tools", "Project", self.mocks),
        )

    def begin(self) -> None:
        """From now on no key leaves by the clipboard."""
        ClipboardGuard(self.place.as_window)

    def spot_acts(self) -> tuple[SpotAct, ...]:
        """A finished call can be made a rule of a mock."""
        words = "Answer like this from now on (mock)"
        return (SpotAct("mock-call", words, frozenset({"call"}), self._mock_spot, lambda spot: spot.is_settled),)

    def rules(self) -> RulesPage:
        """The approval rules and the permissions that hold."""
        place = self.place
        page = place.documents.show_page(
            "rules", RULES, lambda: RulesPage(RULES, place.session, place.look, place.tasks, place.read_again)
        )
        assert isinstance(page, RulesPage)
        return page

    def servers(self) -> ServersPage:
        """The MCP servers of the project."""
        page = self.place.documents.show_page("servers", SERVERS, self._make_servers)
        assert isinstance(page, ServersPage)
        return page

    def mocks(self) -> MocksPage:
        """The mocks of the project's tools."""
        place = self.place
        page = place.documents.show_page(
            "mocks", MOCKS, lambda: MocksPage(MOCKS, place.session, place.look, place.tasks, place.read_again)
        )
        assert isinstance(page, MocksPage)
        return page

    def mock_call(self, run: RunId, call_id: str) -> None:
        """Answer like this finished call from now on; the page shows the rule it became."""
        self.mocks().take_call(run, CallId(call_id))

    def _mock_spot(self, spot: Spot) -> None:
        if spot.call_id is not None:
            self.mock_call(spot.run_id, spot.call_id)

    def _make_servers(self) -> ServersPage:
        servers = ServerList(
            self.place.session, self.place.read_again, later=lambda act: QTimer.singleShot(0, self.place.documents, act)
        )
        return ServersPage(SERVERS, servers, self.place.look, self.place.tasks)

    def refresh(self) -> None:
        """The project was read anew."""
        for place in range(self.place.documents.count()):
            page = self.place.documents.widget(place)
            if isinstance(page, RulesPage | ServersPage | MocksPage):
                page.refresh()
