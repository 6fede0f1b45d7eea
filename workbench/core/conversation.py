"""The conversation as it was at any event, folded from the log."""

from collections.abc import Iterable
from typing import assert_never

from workbench.core.content import ToolCallPart
from workbench.core.event import (
    ApprovalAsked,
    ApprovalGiven,
    LimitReached,
    NoteAdded,
    RequestFailed,
    RequestSent,
    ResponseDelta,
    ResponseReceived,
    RoundStarted,
    RunEvent,
    RunFinished,
    RunStarted,
    ServerAnswered,
    ServerAsked,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    ToolsRouted,
    ToolStarted,
    TurnStarted,
)
from workbench.core.ids import CallId
from workbench.core.message import AssistantMessage, Message, ToolResult, ToolResultsMessage

Ignored = (
    RoundStarted
    | ToolsRouted
    | RequestSent
    | ResponseDelta
    | RequestFailed
    | ToolCallChecked
    | ApprovalAsked
    | ServerAsked
    | ServerAnswered
    | LimitReached
    | NoteAdded
    | RunFinished
)
"""The kinds of events that add nothing to what the model is sent."""


class ConversationFold:
    """Takes events one by one and holds the messages that the next request would carry.

    Calls that are not settled yet have no result; `messages` is complete only when none is open.
    """

    def __init__(self) -> None:
        self._messages: list[Message] = []
        self._proposed: dict[CallId, ToolCallProposed] = {}
        self._places: list[int] = []
        """Which parts of the newest message are calls."""
        self._results: dict[CallId, ToolResult] = {}
        self._rewritten: set[CallId] = set()

    def apply(self, event: RunEvent) -> None:
        """Apply one event."""
        if isinstance(event, Ignored):
            return
        match event:
            case RunStarted():
                self._messages.extend(event.history)
            case TurnStarted():
                self._close_round()
                self._messages.append(event.message)
            case ResponseReceived():
                self._close_round()
                message = event.response.message
                self._messages.append(message)
                self._places = [n for n, part in enumerate(message.parts) if isinstance(part, ToolCallPart)]
            case ToolCallProposed():
                self._proposed[event.call_id] = event
                self._write_call(event)
            case ApprovalGiven():
                if event.decision == "edit" and event.model_sees == "edited":
                    self._rewritten.add(event.call_id)
            case ToolStarted():
                if event.call_id in self._rewritten and (call := self._proposed.get(event.call_id)) is not None:
                    self._write_call(call, event.arguments_json)
            case ToolCallSettled():
                if (call := self._proposed.get(event.call_id)) is not None:
                    self._results[event.call_id] = ToolResult(
                        event.call_id,
                        call.wire_call_id,
                        call.tool,
                        event.result_text,
                        event.is_error,
                        event.attachments,
                    )
            case _:
                assert_never(event)

    @property
    def messages(self) -> tuple[Message, ...]:
        """All messages up to now, the results of the newest round included, in the model's order."""
        results = self._results_in_order()
        return (*self._messages, ToolResultsMessage(results)) if results else tuple(self._messages)

    def _close_round(self) -> None:
        results = self._results_in_order()
        if results:
            self._messages.append(ToolResultsMessage(results))
        self._proposed.clear()
        self._results.clear()

    def _results_in_order(self) -> tuple[ToolResult, ...]:
        return tuple(self._results[call_id] for call_id in self._proposed if call_id in self._results)

    def _write_call(self, proposed: ToolCallProposed, arguments_json: str | None = None) -> None:
        """Write our call id into the part the proposal came from, and the arguments that ran in its place.

        A message that no longer says what the model said has no vendor's copy: sealed thinking would contradict it.
        """
        message = self._messages[-1] if self._messages else None
        if not isinstance(message, AssistantMessage) or proposed.index >= len(self._places):
            return
        parts, place = list(message.parts), self._places[proposed.index]
        part = parts[place]
        assert isinstance(part, ToolCallPart)
        text = part.arguments_json if arguments_json is None else arguments_json
        parts[place] = ToolCallPart(part.wire_call_id, part.tool, text, proposed.call_id)
        copy = message.wire_copy if arguments_json is None else None
        self._messages[-1] = AssistantMessage(tuple(parts), copy)


def conversation(events: Iterable[RunEvent], *, up_to_seq: int | None = None) -> tuple[Message, ...]:
    """The messages after the event numbered `up_to_seq`, or after the last one."""
    folded = ConversationFold()
    for event in events:
        if up_to_seq is not None and event.seq > up_to_seq:
            break
        folded.apply(event)
    return folded.messages
