"""One request, every selector: what each would offer, side by side, and the texts that tools are found by."""

import asyncio
from typing import Protocol

from workbench.app.parts import HasProject, HasRouter, HasRuns, HasSuites, HasTools
from workbench.app.routing.finding_texts import edit_finding_texts
from workbench.app.routing.plans import selector_names, selector_plan
from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import WorkbenchError
from workbench.core.routing.examples import examples_in
from workbench.core.routing.plan import ALL_TOOLS
from workbench.core.routing.routed import Routed
from workbench.core.routing.routed_words import routed_line
from workbench.core.routing.situation import Situation
from workbench.core.signal import Signal
from workbench.core.tool import Tool
from workbench.viewmodels.routing.routed_tools import STATE_WORDS
from workbench.viewmodels.shared.plain import one_line

_ASKING = ("model", "two-stage")


class RoutingParts(HasProject, HasTools, HasRouter, HasRuns, HasSuites, Protocol):
    """What the page uses of a project."""


class RoutingBoard:
    """The page. `changed` is emitted when there is something else to show."""

    def __init__(self, parts: RoutingParts) -> None:
        self._parts = parts
        self.changed: Signal[[]] = Signal()
        self.request = parts.project.prompt
        self.is_busy = False
        self.asks_models = False
        """Whether selectors that send the request to a model are tried, too."""
        self.asked: tuple[str, ...] = ()
        """The selectors that were asked last, in their order."""
        self.routed: dict[str, Routed] = {}
        """What they answered so far."""
        self.tool = ""
        """The tool whose texts are shown."""
        self.message = ""

    @property
    def selectors(self) -> tuple[str, ...]:
        """Those that are compared."""
        project = self._parts.project
        return tuple(name for name in selector_names(project) if self.asks_models or not self._asks(name))

    @property
    def in_use(self) -> str:
        """What chooses the tools of this project's runs, in words."""
        name = self._parts.project.file.routing.selector
        if name == ALL_TOOLS:
            return "Runs of this project are offered every tool. To route them, choose a selector in its settings."
        return f"Runs of this project are routed by {name}."

    async def rank(self, request: str) -> None:
        """Route the request by each selector, all at the same time."""
        self.request, self.is_busy, self.message = request, True, ""
        self.asked, self.routed = self.selectors, {}
        self.changed.emit()
        try:
            await asyncio.gather(*(self._route(name) for name in self.asked))
        finally:
            self.is_busy = False
            self.changed.emit()

    @property
    def columns(self) -> tuple[str, ...]:
        """The tool, and each selector that was asked."""
        return ("Tool", *self.asked)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """A row for each tool that a selector knows of, the best first: its place and score in each ranking, with ● for
        what is offered and ■ for what would have to be called; … where a selector has not answered yet."""
        order = sorted(self._parts.toolset.names, key=self._best_place)
        return (
            tuple((name, *(_cell(each, name) for each in map(self.routed.get, self.asked))) for name in order)
            if self.routed
            else ()
        )

    @property
    def summaries(self) -> tuple[str, ...]:
        """What each selector comes to."""
        return tuple(
            one_line(f"{routed_line(each)} · {each.took_ms:.0f} ms", 300)
            for name in self.asked
            if (each := self.routed.get(name)) is not None
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the chosen tool stands where it stands, by selector."""
        lines = []
        for name in self.asked:
            each = self.routed.get(name)
            if each is None:
                continue
            found = next((one for one in each.candidates if one.tool == self.tool), None)
            state = STATE_WORDS[each.state_of(self.tool)]
            why = f": {found.why}" if found is not None and found.why else ""
            lines.append(one_line(f"{name}: {state}{why}", 300))
        return tuple(lines)

    def choose(self, tool: str) -> None:
        """Show the texts of this tool."""
        self.tool = tool
        self.changed.emit()

    @property
    def description(self) -> str:
        """What the model is told of the chosen tool."""
        found = self._tool()
        return found.description if found is not None else ""

    @property
    def search_text(self) -> str:
        """What is searched in its place; empty for the description."""
        found = self._tool()
        return found.search_text if found is not None else ""

    @property
    def examples(self) -> str:
        """One a line."""
        found = self._tool()
        return "\n".join(found.examples) if found is not None else ""

    def save(self, search_text: str, examples: str) -> Undoable | None:
        """Write the texts of the chosen tool; None where that is not possible, which `message` then explains."""
        try:
            return edit_finding_texts(self._parts.project.folder, self.tool, search_text, examples_in(examples))
        except WorkbenchError as error:
            self.message = error.message
            self.changed.emit()
            return None

    async def _route(self, name: str) -> None:
        """A slow selector does not hold up what the others say."""
        plan = selector_plan(self._parts.project, name)
        assert plan is not None
        situation = Situation(tools=self._parts.toolset, request=self.request)
        self.routed[name] = await self._parts.router.route(plan, situation)
        if self._tool() is None:
            self.tool = next((row[0] for row in self.rows), "")
        self.changed.emit()

    def _asks(self, name: str) -> bool:
        plan = selector_plan(self._parts.project, name)
        return plan is not None and any(kind in _ASKING for kind in plan.use)

    def _tool(self) -> Tool | None:
        return self._parts.toolset.named(self.tool)

    def _best_place(self, tool: str) -> float:
        """A tool that several selectors have near the top comes first."""
        places = (each.rank_of(tool) for each in self.routed.values())
        return -sum(1 / place for place in places if place is not None)


def _cell(routed: Routed | None, tool: str) -> str:
    if routed is None:
        return "…"
    place = routed.rank_of(tool)
    score = next((f"{each.score:.2f}" for each in routed.candidates if each.tool == tool and each.score), "")
    mark = "■" if routed.forced == tool else "●" if tool in routed.offered else ""
    return " ".join(filter(None, (mark, f"{place}." if place is not None else "", score)))
