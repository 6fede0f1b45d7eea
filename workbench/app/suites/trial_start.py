"""A case before it becomes a run: the conversation so far, the messages, and what answers the calls."""

from workbench.app.suites.case_tools import CaseExecutors, NobodyToAsk, ServedBy
from workbench.core.content import TextPart, ToolCallPart
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import compact
from workbench.core.log import EventLog
from workbench.core.message import AssistantMessage, Message, ToolResult, ToolResultsMessage, UserMessage
from workbench.core.suite.case import Case, EarlierEntry
from workbench.engine.ports import Approver, Clock, Executors
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup


class TrialStart:
    """See `app.runs.run_start.RunStart`."""

    def __init__(self, case: Case, setup: RunSetup, served: ServedBy) -> None:
        self._case = case
        self._setup = setup
        self._served = served

    @property
    def setup(self) -> RunSetup:
        """The setup of the trial."""
        return self._setup

    @property
    def prompts(self) -> tuple[UserMessage, ...]:
        """The user's messages, turn by turn."""
        return tuple(UserMessage(turn.request) for turn in self._case.turns)

    def recorder(self, run_id: RunId, log: EventLog, clock: Clock) -> Recorder:
        """Nothing is inherited."""
        return Recorder(run_id, log, clock)

    def executors(self, own: Executors) -> Executors:
        """Of the project's tools, only those run that a suite may run."""
        return CaseExecutors(self._served)

    def approver(self, own: Approver, executors: Executors) -> Approver:
        """Nobody is asked."""
        return NobodyToAsk()


def earlier_messages(entries: tuple[EarlierEntry, ...]) -> tuple[Message, ...]:
    """The conversation before a case, with one call per round."""
    messages: list[Message] = []
    for number, entry in enumerate(entries, 1):
        if entry.user:
            messages.append(UserMessage(entry.user))
        elif entry.tool:
            wire_id = f"earlier_{number}"
            call = ToolCallPart(wire_id, entry.tool, compact(entry.arguments))
            text = entry.result if isinstance(entry.result, str) else compact(entry.result)
            messages.append(AssistantMessage((call,)))
            messages.append(ToolResultsMessage((ToolResult(CallId(wire_id), wire_id, entry.tool, text),)))
        else:
            messages.append(AssistantMessage((TextPart(entry.assistant),)))
    return tuple(messages)
