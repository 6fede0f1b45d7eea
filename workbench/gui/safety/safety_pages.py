"""The pages about what may happen, and the commands that open them."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QTimer

from workbench.app.session import Session
from workbench.core.ids import CallId, RunId
from workbench.gui.actions import Command
from workbench.gui.documents import Documents
from workbench.gui.look import Look
from workbench.gui.safety.mocks_page import MocksPage
from workbench.gui.safety.rules_page import RulesPage
from workbench.gui.safety.servers_page import ServersPage
from workbench.gui.tasks import Tasks
from workbench.viewmodels.server_list import ServerList

RULES = "Approvals and grants"
SERVERS = "MCP servers"
MOCKS = "Mocks"


class SafetyPages:
    """Each page is open once at most."""

    def __init__(
        self, session: Session, look: Look, tasks: Tasks, documents: Documents, reload: Callable[[], Awaitable[None]]
    ) -> None:
        """`reload` reads the project's files again and shows it wherever it matters."""
        self._session = session
        self._look = look
        self._tasks = tasks
        self._documents = documents
        self._reload = reload

    def rules(self) -> RulesPage:
        """The approval rules and the permissions that hold."""
        page = self._documents.show_page(
            "rules", RULES, lambda: RulesPage(RULES, self._session, self._look, self._tasks, self._reload)
        )
        assert isinstance(page, RulesPage)
        return page

    def servers(self) -> ServersPage:
        """The MCP servers of the project."""
        page = self._documents.show_page("servers", SERVERS, self._make_servers)
        assert isinstance(page, ServersPage)
        return page

    def mocks(self) -> MocksPage:
        """The mocks of the project's tools."""
        page = self._documents.show_page(
            "mocks", MOCKS, lambda: MocksPage(MOCKS, self._session, self._look, self._tasks, self._reload)
        )
        assert isinstance(page, MocksPage)
        return page

    def mock_call(self, run: RunId, call_id: str) -> None:
        """Answer like this finished call from now on; the page shows the rule it became."""
        self.mocks().take_call(run, CallId(call_id))

    def _make_servers(self) -> ServersPage:
        servers = ServerList(self._session, self._reload, later=lambda act: QTimer.singleShot(0, self._documents, act))
        return ServersPage(SERVERS, servers, self._look, self._tasks)

    def refresh(self) -> None:
        """The project was read anew."""
        for place in range(self._documents.count()):
            page = self._documents.widget(place)
            if isinstance(page, RulesPage | ServersPage | MocksPage):
                page.refresh()


def safety_commands(pages: Callable[[], SafetyPages]) -> tuple[Command, ...]:
    """What the palette offers about safety."""
    return (
        Command("rules", f"{RULES}: rules and permissions", "Approvals", lambda: pages().rules()),
        Command("servers", f"{SERVERS}: approve, connect, import", "Project", lambda: pages().servers()),
        Command("mocks", f"{MOCKS}: answers in place of tools", "Project", lambda: pages().mocks()),
    )
