"""Serving the project: the settings, the address, the tokens of clients, and what they are doing."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from workbench.app.mcp.mcp_export import client_entries, serving_row
from workbench.app.parts import HasKeys, HasProject, HasService
from workbench.app.service.client_tokens import ClientTokens
from workbench.app.service.service_client import SCOPES, Scope
from workbench.app.service.service_settings import DEFAULT_PORT, ServiceSettings
from workbench.app.service.tool_service import ToolService
from workbench.core.errors import WorkbenchError
from workbench.core.ids import RunId
from workbench.core.signal import Signal
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import one_line

SCOPE_WORDS: dict[Scope, str] = {
    "read": "Read: list tools, check arguments, see runs",
    "call": "Call: run tools, talk to the model",
    "approve": "Approve: decide about calls that need approval",
}


class RunningService(Protocol):
    """A service that can be started and stopped; see `workbench.service.server.Service`."""

    @property
    def url(self) -> str: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...


MakeService = Callable[[ToolService, ClientTokens, str, int, bool], RunningService]
"""From the tools, the tokens, a title, a port, and whether MCP is served. Raises `UsageError` without the extra."""


class ServingParts(HasProject, HasKeys, HasService, Protocol):
    """What serving needs."""


@dataclass(frozen=True)
class TokenLine:
    """A client's token in a list."""

    name: str
    scopes: str
    created: str


@dataclass(frozen=True)
class CallLine:
    """Something of a client that is under way. `run_id` opens it."""

    client: str
    run_id: RunId


class Serving:
    """`message` says what came of the last action; `is_good` whether it succeeded. `new_token` is shown until it is put
    away, and never again."""

    def __init__(self, parts: ServingParts, make: MakeService, later: Callable[[Callable[[], None]], None]) -> None:
        """`later` puts off showing what changed, out of the way of who tells."""
        self._parts = parts
        self._make = make
        self._later = later
        self._tokens = ClientTokens(parts.keys, parts.project.folder)
        self._service: RunningService | None = None
        self._tools: ToolService | None = None
        self._changing = asyncio.Lock()
        """Start and stop wait for each other: what stops while it starts would go on."""
        self.changed: Signal[[]] = Signal()
        self.settings = ServiceSettings()
        self.port = DEFAULT_PORT
        self.with_mcp = True
        self.message = ""
        self.is_good = True
        self.new_token = ""

    @property
    def is_serving(self) -> bool:
        """Whether other programs can reach the project."""
        return self._service is not None and bool(self._service.url)

    @property
    def url(self) -> str:
        """Where it listens; empty while it does not."""
        return self._service.url if self._service is not None else ""

    @property
    def state_words(self) -> str:
        """The state in one line."""
        if not self.is_serving:
            return "Not serving. Other programs cannot reach this project."
        tools = figures.count(len(self._tools.tools.offered()) if self._tools is not None else 0, "tool")
        return f"Serving {tools} at {self.url}" + (f", MCP at {self.url}/mcp" if self.with_mcp else "")

    @property
    def tokens(self) -> tuple[TokenLine, ...]:
        """The clients that may use it."""
        return tuple(
            TokenLine(token.name, ", ".join(token.scopes), _day(token.created_at)) for token in self._tokens.all
        )

    @property
    def calls(self) -> tuple[CallLine, ...]:
        """What clients have under way."""
        if self._tools is None:
            return ()
        return tuple(CallLine(one_line(name, 60), run_id) for run_id, name in self._tools.under_way.items())

    @property
    def remarks(self) -> tuple[str, ...]:
        """Tools that are not offered, each with why, and those that changed since they were tested."""
        if self._tools is None:
            return ()
        tools = self._tools.tools
        withheld = tuple(f"Withheld: {each.tool.name}: {each.withheld}" for each in tools.all() if each.withheld)
        changed = ", ".join(tools.changed())
        return (*withheld, *([f"Changed since tested: {changed}"] if changed else []))

    @property
    def client_entry(self) -> str:
        """What programs that start their servers themselves are given."""
        name = self._parts.project.name or self._parts.project.folder.name
        return client_entries({name: serving_row(self._parts.project.folder)}, "mcp-servers").text.rstrip()

    async def start(self) -> None:
        """Let other programs reach the project."""
        async with self._changing:
            if not self.is_serving:
                await self._start()

    async def _start(self) -> None:
        title = self._parts.project.name or self._parts.project.folder.name
        tools = self._parts.serve(self.settings, has_person=lambda: True)
        try:
            service = self._make(tools, self._tokens, title, self.port, self.with_mcp)
            await service.start()
        except WorkbenchError as error:
            await tools.close()
            self._tell(str(error), is_good=False)
            return
        self._service, self._tools = service, tools
        tools.changed.connect(lambda: self._later(self.changed.emit))
        self._tell("" if self._tokens.all else "Create a token, so that a program can use it.", is_good=True)

    async def stop(self) -> None:
        """End it, also one that is still starting. What clients have under way is stopped and recorded."""
        async with self._changing:
            service, self._service, self._tools = self._service, None, None
            if service is None:
                return
            await service.stop()
            self._tell("Stopped. Nothing is listening now.", is_good=True)

    def set_port(self, port: int) -> None:
        """The port of the next start."""
        self.port = port

    def set_mcp(self, *, is_on: bool) -> None:
        """Whether the next start serves MCP as well."""
        self.with_mcp = is_on

    def set_settings(self, settings: ServiceSettings) -> None:
        """What the next start offers."""
        self.settings = settings

    def create_token(self, name: str, scopes: Collection[str]) -> bool:
        """A token for a client, which is in `new_token` until it is put away; False when it cannot be made."""
        try:
            text, is_kept = self._tokens.create(name, [scope for scope in SCOPES if scope in scopes])
        except WorkbenchError as error:
            self._tell(str(error), is_good=False)
            return False
        self.new_token = text
        kept = "" if is_kept else " There is no keyring on this machine, so it ends with the program."
        self._tell(f"Copy the token now: it is not shown again.{kept}", is_good=True)
        return True

    def put_token_away(self) -> None:
        """Show the new token no longer, here or anywhere."""
        if self.new_token:
            self._tokens.hide(self.new_token)
            self.new_token = ""
            self._tell("", is_good=True)

    def revoke(self, name: str) -> None:
        """End a client's token at once."""
        if self._tokens.revoke(name):
            self._tell(f"Revoked the token of {name}.", is_good=True)

    async def close(self) -> None:
        """The window closes."""
        self.put_token_away()
        await self.stop()

    def _tell(self, message: str, *, is_good: bool) -> None:
        self.message, self.is_good = message, is_good
        self.changed.emit()


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone().strftime("%Y-%m-%d")
