"""Logged conversations as runs: the engine's own loop takes each step, with the log in the place of model and tools.

So an imported run is made of the same facts as any other, and is played back, run again and forked like one. Nothing is
sent and nothing is run.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

import msgspec

from workbench.app.imports.conversation import ImportedRound, LoggedConversation
from workbench.app.imports.import_plan import PlannedTool, carry_out
from workbench.app.models.wires import wire_named
from workbench.app.runs.runs import Runs
from workbench.app.tools.tool_changes import Undoable
from workbench.core.approval import ALLOW_ALL
from workbench.core.conversation import conversation
from workbench.core.errors import ProviderFailure, ToolError
from workbench.core.event import NoteAdded, RunEvent, RunStarted, ToolCallSettled
from workbench.core.exchange import ModelRequest, ModelResponse, StreamItem, WireRequest
from workbench.core.ids import ROOT_SPAN, RunId
from workbench.core.limit import RunLimits
from workbench.core.log import EventLog
from workbench.core.message import Message, UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ChoiceSupport
from workbench.engine.ports import Approver, Clock, ExecutionOrder, ExecutionResult, Executors
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup
from workbench.providers.wire import Wire

E = TypeVar("E", bound=RunEvent)
BY_IMPORT = "import"
_LIMITS = RunLimits(rounds=1_000, calls=100_000, seconds=86_400.0, tokens=10**12, result_chars=10_000_000)


class ImportDone(msgspec.Struct, frozen=True):
    """What one import did: files, and conversations as chains of runs. One undo takes all of it back."""

    files: Undoable
    conversations: tuple[tuple[RunId, ...], ...] = ()

    @property
    def words(self) -> str:
        """For people; empty where nothing was done."""
        count = len(self.conversations)
        said = f"Imported {count} conversation{'' if count == 1 else 's'}" if count else ""
        return "; ".join(part for part in (self.files.words, said) if part)

    @property
    def is_undoable(self) -> bool:
        """Whether anything was changed."""
        return bool(self.conversations) or self.files.before != self.files.after

    def undo(self, runs: Runs) -> None:
        """Put the files back and hide the runs; raises `ProjectError`, and changes nothing, where a file was changed
        since."""
        self.files.undo()
        for run_id in (each for chain in self.conversations for each in chain):
            runs.delete(run_id)


async def carry_out_import(
    runs: Runs, chosen: Sequence[PlannedTool], conversations: Sequence[LoggedConversation]
) -> ImportDone:
    """Write the tools, then record the conversations. Raises as `carry_out` does."""
    files = await asyncio.to_thread(carry_out, runs.project.folder, chosen)
    return ImportDone(files, tuple([tuple(await import_conversation(runs, one)) for one in conversations]))


async def import_conversation(runs: Runs, found: LoggedConversation) -> list[RunId]:
    """Record a conversation as a chain of runs, one for each message of the person, oldest first."""
    wire = wire_named(found.wire)
    made: list[RunId] = []
    history: tuple[Message, ...] = ()
    for turn in found.turns:
        setup = RunSetup(
            model=found.model,
            spec=f"{wire.prefixes[0]}:{found.model or wire.example_model}",
            toolset=Toolset(found.tools),
            instructions=found.instructions,
            limits=_LIMITS,
            policy=ALLOW_ALL,
            history=history,
            project=runs.project.name,
            parent_run=made[-1] if made else None,
        )
        start = _LoggedStart(setup, turn.prompt, turn.steps)
        await runs.turns.wait()
        run = runs.launch(start, _LoggedProvider(wire, turn.steps))
        assert run.task is not None
        await run.task
        made.append(run.run_id)
        history = conversation(run.log)
    return made


class _LoggedStart:
    """See `app.runs.run_start.RunStart`."""

    def __init__(self, setup: RunSetup, prompt: str, steps: Sequence[ImportedRound]) -> None:
        self.setup = setup
        self.prompts = (UserMessage(prompt),)
        self._steps = steps

    def recorder(self, run_id: RunId, log: EventLog, clock: Clock) -> Recorder:
        """One that says where the run is from."""
        return _ImportRecorder(run_id, log, clock)

    def executors(self, own: Executors) -> Executors:
        """The log gives the results, and nothing else."""
        return _LoggedExecutors(self._steps)

    def approver(self, own: Approver, executors: Executors) -> Approver:
        """Nobody is asked: the rules of the run allow what runs nothing."""
        return own


class _ImportRecorder(Recorder):
    """Results were given by a log, so they are marked as replayed."""

    def add(self, event: E) -> E:
        """See `Recorder`."""
        if isinstance(event, ToolCallSettled) and event.outcome == "ok":
            event = msgspec.structs.replace(event, outcome="replayed")
        added = super().add(event)
        if isinstance(event, RunStarted):
            text = "Imported from a log. Nothing was sent and nothing was run; times are those of the import."
            super().add(NoteAdded(**self.stamp(ROOT_SPAN), text=text, by=BY_IMPORT))
        return added


class _LoggedProvider:
    """Gives the answers of the log, one after the other."""

    def __init__(self, wire: Wire, steps: Sequence[ImportedRound]) -> None:
        self.name = wire.id
        self._code = wire.load(True)
        self._waiting = [step.answer for step in steps]

    def choice_support(self, model: str) -> ChoiceSupport:
        """Nothing is chosen anymore."""
        return ChoiceSupport()

    def encode(self, request: ModelRequest) -> WireRequest:
        """The request as it would be sent now."""
        return self._code.encode(request)

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        """The next answer. Raises `ProviderFailure` where the log ends."""
        if not self._waiting:
            raise ProviderFailure("The log ends here.", kind="cut_off", hint="Fork from here to go on.")
        yield _sound(self._waiting.pop(0))

    async def close(self) -> None:
        """Nothing is open."""


class _LoggedExecutors:
    """Results by the place of the call: its round and its number there."""

    name = "log"

    def __init__(self, steps: Sequence[ImportedRound]) -> None:
        self._results = {
            (round_number, number): result
            for round_number, step in enumerate(steps, 1)
            for number, result in enumerate(step.results, 1)
        }

    def executor_for(self, tool: Tool) -> "_LoggedExecutors":
        """This, for every tool."""
        return self

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        """The result in the log. Raises `ToolError` where it has none."""
        round_number, number = map(int, order.call_id.rsplit(".", 2)[1:])
        found = self._results.get((round_number, number))
        if found is None:
            raise ToolError("The log holds no result for this call. Nothing was run.", kind="not_recorded")
        return ExecutionResult(found.text, is_error=found.is_error, attachments=found.attachments)


def _sound(answer: ModelResponse) -> ModelResponse:
    """With an ending that lets its calls be carried out: they were, in the log."""
    ending = "tool_calls" if answer.calls else answer.stop_reason
    return answer if ending == answer.stop_reason else msgspec.structs.replace(answer, stop_reason=ending)
