"""The tools that a service offers, and how each current text was tested."""

from collections.abc import Callable, Iterable

import msgspec

from workbench.app.exports.evidence import Gathered
from workbench.app.service.service_client import ServiceRefusal
from workbench.app.service.service_settings import ServiceSettings
from workbench.app.suites.suites import Suites
from workbench.core.evidence.statement import ToolState
from workbench.core.tool import Tool, Toolset


class ServedTool(msgspec.Struct, frozen=True):
    """`stale`: an earlier text was tested. `withheld` says why it is not offered; empty when it is."""

    tool: Tool
    tested: ToolState
    withheld: str = ""


class ServedTools:
    """The project's current tools, in the order of their names. Test results are read again when a tool's text or the
    suite runs have changed."""

    def __init__(self, toolset: Callable[[], Toolset], suites: Suites, settings: ServiceSettings) -> None:
        self._toolset = toolset
        self._suites = suites
        self._settings = settings
        self._known: dict[str, ToolState] = {}
        self._known_for: tuple[object, ...] = ()

    def all(self) -> tuple[ServedTool, ...]:
        """Every tool, including withheld ones. Raises `StoreError` when suite runs cannot be read."""
        tools = sorted(self._toolset(), key=lambda tool: tool.name)
        self._look_at_tests(tools)
        return tuple(self._served(tool) for tool in tools)

    def offered(self) -> tuple[ServedTool, ...]:
        """The tools that can be called."""
        return tuple(served for served in self.all() if not served.withheld)

    def changed(self) -> tuple[str, ...]:
        """The names of the tools whose text has changed since it was tested."""
        return tuple(served.tool.name for served in self.all() if served.tested == "stale")

    def to_call(self, name: str) -> Tool:
        """The tool of this name, without reading test results unless they matter; raises like `named`."""
        if self._settings.only_tested:
            return self.named(name).tool
        return self._found(self._toolset(), name).tool

    def named(self, name: str) -> ServedTool:
        """The tool of that name; raises `ServiceRefusal` for one that is missing or withheld."""
        tools = self._toolset()
        self._look_at_tests(tools)
        return self._found(tools, name)

    def _found(self, tools: Toolset, name: str) -> ServedTool:
        tool = tools.named(name)
        if tool is None:
            raise ServiceRefusal(f"there is no tool {name[:100]!r}", kind="not_found")
        found = self._served(tool)
        if found.withheld:
            raise ServiceRefusal(f"the tool {name!r} is withheld: {found.withheld}", kind="forbidden")
        return found

    def _look_at_tests(self, tools: Iterable[Tool]) -> None:
        state = (frozenset(tool.digest for tool in tools), self._suites.trials.state())
        if state != self._known_for:
            self._known = {tested.name: tested.state for tested in Gathered(self._suites, list(tools)).tools}
            self._known_for = state

    def _served(self, tool: Tool) -> ServedTool:
        tested = self._known.get(tool.name, "never tested")
        if self._settings.only_tested and tested != "tested":
            why = "its text has changed since it was tested" if tested == "stale" else "it was never tested"
            return ServedTool(tool, tested, why)
        if self._settings.read_only and not tool.is_read_only:
            return ServedTool(tool, tested, "this service offers only tools that change nothing")
        return ServedTool(tool, tested)
