"""Running one tool: its arguments, the run that calls it, the result, and what it was called with before."""

import asyncio
from typing import TYPE_CHECKING, Protocol

from workbench.app.parts import HasPictures, HasPrices, HasRuns, HasTools
from workbench.app.tool_runs.past_calls import PastCall, past_calls
from workbench.core.errors import WorkbenchError
from workbench.core.event import RunEvent, RunFinished
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject
from workbench.core.signal import Signal
from workbench.core.tool import Tool
from workbench.core.trace import Traces
from workbench.viewmodels.conversation.chat import ChatViewModel
from workbench.viewmodels.conversation.chat_entry import CallEntry
from workbench.viewmodels.schema_editor.argument_form import ArgumentForm
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.trouble import error_words

if TYPE_CHECKING:
    from workbench.app.runs.live_run import LiveRun
    from workbench.app.runs.picture_reader import PictureReader

_NO_SCHEMA: JsonObject = {"type": "object"}


class ToolRunParts(HasTools, HasRuns, HasPrices, HasPictures, Protocol):
    """What a tool is run with."""


class ToolRun:
    """One tool at a time. A run that goes on is not left by choosing another tool."""

    def __init__(self, parts: ToolRunParts, tool: str = "") -> None:
        self.tool = ""
        self.form = ArgumentForm(_NO_SCHEMA)
        self.past: tuple[PastCall, ...] = ()
        self.live: LiveRun | None = None
        self.run_id: RunId | None = None
        """The last run that was made here."""
        self.trouble = ""
        """Why it could not be run."""
        self.changed: Signal[[]] = Signal()
        self.opened: Signal[[]] = Signal()
        """Another tool, or the same with another schema, is shown."""
        self._parts = parts
        self._finished: RunFinished | None = None
        self._warned_of = ""
        """Arguments that do not fit, and that the person was told of."""
        self._chat = ChatViewModel(lambda: parts.prices.list, traces=Traces())
        self.open(tool or next(iter(parts.toolset.names), ""))

    def pictures(self) -> "PictureReader":
        """What reads the pictures in results."""
        return self._parts.pictures

    @property
    def tools(self) -> tuple[tuple[str, str], ...]:
        """All tools that could be run, by name and words."""
        return tuple((name, one_line(name, 64)) for name in self._parts.toolset.names)

    @property
    def document(self) -> Tool | None:
        """The tool; None when the project has it no longer."""
        return self._parts.toolset.named(self.tool)

    @property
    def runs_as(self) -> str:
        """What runs it."""
        runs = self._parts.executor_names.get(self.tool)
        return one_line(runs, 120) if runs else "Nothing runs this tool yet: you enter its result."

    @property
    def entry(self) -> CallEntry | None:
        """The call of the last run."""
        return next((entry for entry in self._chat.entries if isinstance(entry, CallEntry)), None)

    @property
    def is_running(self) -> bool:
        """Whether the call is on its way, or waits for a decision."""
        return self.live is not None

    @property
    def is_settled(self) -> bool:
        """Whether the call has a result."""
        entry = self.entry
        return entry is not None and entry.call is not None and entry.call.settled is not None

    @property
    def outcome(self) -> str:
        """How the run ended, where its call does not say it."""
        ended = self._finished
        return one_line(f"{ended.message} {ended.hint}".strip(), 300) if ended and ended.outcome != "answered" else ""

    @property
    def obstacle(self) -> str:
        """Why it cannot be run now; empty when it can."""
        if self.is_running:
            return "The call is still running."
        if self.document is None:
            return "The project no longer has this tool." if self.tool else "The project has no tools yet."
        return "" if self.form.arguments_json is not None else "Correct the marked values first."

    @property
    def past_rows(self) -> tuple[tuple[str, str], ...]:
        """What it was called with before: the place in `past`, and words."""
        return tuple(
            (
                str(place),
                f"{figures.clock_time(call.at)}  {'you' if call.by_hand else 'model'}  "
                f"{one_line(call.arguments_json, 100)}",
            )
            for place, call in enumerate(self.past)
        )

    def open(self, tool: str) -> bool:
        """Show another tool; False while a call is on its way."""
        if self.is_running or tool == self.tool:
            return tool == self.tool
        self.tool, self.past, self.run_id = tool, (), None
        self._forget()
        self._take_schema()
        return True

    def refresh(self) -> None:
        """The project was read again. Arguments stay, also under another schema."""
        document = self.document
        if document is not None and document.input_schema != self.form.schema:
            arguments = self.form.arguments_json
            self._take_schema()
            if arguments is not None:
                self.form.fill(arguments)
        self.changed.emit()

    def start(self) -> "LiveRun | None":
        """Run the tool with these arguments; None, with `trouble` or `obstacle`, when it cannot be.

        Arguments that do not fit are run when they are asked for a second time.
        """
        self.form.complain()
        arguments = self.form.arguments_json
        if self.obstacle or arguments is None:
            return None
        if self.form.problems and self._warned_of != arguments:
            self._warned_of = arguments
            self.trouble = "Some values do not fit. Correct them, or run it again to see what the tool says."
            self.changed.emit()
            return None
        self._forget()
        try:
            self.live = self._parts.runs.call(self.tool, arguments)
        except WorkbenchError as error:
            self.trouble = error_words(error)
            self.changed.emit()
            return None
        self.run_id = self.live.run_id
        self.changed.emit()
        return self.live

    def stop(self) -> None:
        """End the call; one that has begun may have had effects."""
        if self.live is not None:
            self.live.stop()

    def apply(self, events: list[RunEvent]) -> None:
        """Take facts of the run in."""
        self._chat.apply(events)
        self._finished = next((event for event in events if isinstance(event, RunFinished)), self._finished)
        self.changed.emit()

    def run_over(self) -> None:
        """The run's task has ended."""
        self.live = None
        self.changed.emit()

    def take_past(self, place: int) -> None:
        """Call it with the arguments of an earlier call."""
        self.form.fill(self.past[place].arguments_json)

    async def read_past(self) -> None:
        """Read what the tool was called with before, off this thread."""
        tool = self.tool
        past = await asyncio.to_thread(past_calls, self._parts.runs, tool) if tool else ()
        if tool == self.tool and past != self.past:
            self.past = past
            self.changed.emit()

    def _take_schema(self) -> None:
        document = self.document
        self.form = ArgumentForm(document.input_schema if document is not None else _NO_SCHEMA)
        self.form.changed.connect(self.changed.emit)
        self.opened.emit()
        self.changed.emit()

    def _forget(self) -> None:
        self.trouble, self._warned_of, self._finished = "", "", None
        self._chat.clear()
