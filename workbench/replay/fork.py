"""A fork: a new live run from a point in an old one.

What comes before the point is inherited: the same events under the new run's id, all at the moment of the fork, with
results marked as replayed. A note at the end of them says where the fork comes from and what was lost; everything
after the note is the fork's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from workbench.core.conversation import conversation
from workbench.core.errors import UsageError
from workbench.core.event import (
    NoteAdded,
    RequestSent,
    ResponseReceived,
    RoundStarted,
    RunEvent,
    RunStarted,
    ToolCallSettled,
    TurnStarted,
)
from workbench.core.exchange import ModelRequest, ModelResponse
from workbench.core.ids import ROOT_SPAN, CallId, RunId, SpanPath, WireFormat, request_span, round_span, turn_span
from workbench.core.log import EventLog
from workbench.core.message import AssistantMessage, Message, UserMessage
from workbench.core.run_total import BY_FORK
from workbench.core.sealed_thinking import SealedThinking
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_changes import changes_between, split_settings
from workbench.engine.ports import Clock, Provider
from workbench.engine.setup import RunSetup
from workbench.replay.fork_point import ForkPoint, before_point
from workbench.replay.recording import RAN, RecordedCall, Recording
from workbench.replay.replay_recorder import ReplayRecorder
from workbench.replay.thinking import Keeping, KeepThinking, plan_keeping


class ChosenAnswer(msgspec.Struct, frozen=True):
    """An answer that was sampled at the point, with the request it answered: the fork goes on from it."""

    sent: RequestSent
    response: ModelResponse


@dataclass(frozen=True)
class Fork:
    """Everything a fork begins with; made by `make_fork`."""

    recording: Recording
    point: ForkPoint
    setup: RunSetup
    keeping: Keeping
    inherited: tuple[RunEvent, ...]
    prompts: tuple[UserMessage, ...]
    answer: ChosenAnswer | None = None

    def begin(
        self, run_id: RunId, log: EventLog, clock: Clock, *, provider: str, served: dict[SpanPath, RecordedCall]
    ) -> ReplayRecorder:
        """Write what is inherited into the empty `log`. The recorder goes on from there.

        `served` are the calls that will be answered from the recording; it grows while the fork runs.
        """
        now = clock.now()
        for number, event in enumerate(self.inherited, 1):
            log.append(self._inherited(event, run_id, number, now, provider))
        recorder = ReplayRecorder(run_id, log, clock, served=served)
        if self.answer is not None:
            self._write_answer(recorder, self.answer)
        recorder.add(NoteAdded(**recorder.stamp(ROOT_SPAN), text=self.note, by=BY_FORK))
        return recorder

    @property
    def note(self) -> str:
        """Where the fork comes from and what was lost, for people."""
        setup = self.setup
        variant = f", with the variant {setup.variant}" if setup.variant else ""
        sentences = [
            f"Forked from {self.recording.started.run_id} before {self.point}{variant}, on {setup.spec or setup.model}."
        ]
        sentences += [f"Thinking: {self.keeping.mode}. {self.keeping.why}".strip()] if self.keeping.why else []
        sentences += [f"Lost: {'; '.join(map(str, self.keeping.losses))}."] if self.keeping.losses else []
        return " ".join(sentences)

    def _inherited(self, event: RunEvent, run_id: RunId, number: int, at: float, provider: str) -> RunEvent:
        event = msgspec.structs.replace(event, run_id=run_id, seq=number, at=at)
        call_id = getattr(event, "call_id", None)
        if call_id is not None:
            event = msgspec.structs.replace(event, call_id=_own_id(call_id, self.recording.started.run_id, run_id))
        match event:
            case RunStarted():
                return self.setup.start_event({"run_id": run_id, "seq": number, "at": at, "span": event.span}, provider)
            case ResponseReceived():
                return msgspec.structs.replace(event, response=_kept(event.response, self.keeping))
            case ToolCallSettled() if event.outcome in RAN:
                return msgspec.structs.replace(event, outcome="replayed")
            case _:
                return event

    def _write_answer(self, recorder: ReplayRecorder, answer: ChosenAnswer) -> None:
        turn, number = self.point.turn, max(1, self.point.round)
        if self.point.kind == "message":
            recorder.add(TurnStarted(**recorder.stamp(turn_span(turn)), turn=turn, message=self.prompts[0]))
        recorder.add(RoundStarted(**recorder.stamp(round_span(turn, number)), turn=turn, round=number))
        span = request_span(turn, number, 1)
        stamp = recorder.stamp(span)
        recorder.add(msgspec.structs.replace(answer.sent, **stamp, attempt=1))
        recorder.add(ResponseReceived(**recorder.stamp(span), attempt=1, response=answer.response, latency_ms=0.0))

    @property
    def waiting_prompts(self) -> tuple[UserMessage, ...]:
        """The user messages the loop still has to send."""
        return () if self.answer is not None else self.prompts


def make_fork(
    recording: Recording,
    point: ForkPoint,
    setup: RunSetup,
    *,
    to: SealedThinking,
    keep: KeepThinking | None = None,
    message: str | None = None,
    answer: ChosenAnswer | None = None,
) -> Fork:
    """The fork of `recording` at `point`, made with `setup`; nothing has started yet.

    `setup` is what the fork runs with, variant included; parent, point and history are filled in here. `to` says what
    its provider's wire allows for thinking. `message` is sent instead of the recorded one, at a point before a message.
    Raises `UsageError` where that is not possible.
    """
    inherited = before_point(recording, point)
    prompts: tuple[UserMessage, ...] = ()
    if point.kind == "message":
        prompts = (UserMessage(message) if message is not None else recording.prompts[point.turn - 1],)
    elif message is not None:
        raise UsageError(f"only a fork before a message can change it, and {point} is before a {point.kind}")
    if answer is not None and point.kind == "call":
        raise UsageError(f"an answer can be chosen before a round, and {point} is before a call")
    messages = conversation(inherited)
    changes = prefix_changes(recording.started, setup)
    settings, announced = split_settings(setup.settings)
    if announced is not None and not changes and to.can_append_tools and len(messages) >= announced.after:
        settings = setup.settings  # what was announced in the middle is announced there again
    elif announced is not None:
        changes = tuple(dict.fromkeys((*changes, "the tools")))
    appended = None
    if keep == "append_only" and changes == ("the tools",) and to.can_append_tools and announced is None:
        then = Toolset([Tool(document) for document in recording.started.tools])
        place = max(1, len(messages) + (point.kind == "message"))
        appended, changes = changes_between(then, setup.toolset, place=place), ()
    keeping = plan_keeping(
        messages,
        from_model=recording.started.model,
        to_model=setup.model,
        to=to,
        prefix_changes=changes,
        keep=keep,
    )
    if appended is not None:
        why = "The changes to the tools are announced at the fork; nothing before it changes."
        keeping = msgspec.structs.replace(keeping, why=why, settings={**keeping.settings, **appended.settings})
    filled = msgspec.structs.replace(
        setup,
        history=kept_messages(recording.started.history, keeping),
        by_hand=False,  # a model goes on from what a person called
        parent_run=recording.started.run_id,
        fork_seq=inherited[-1].seq,
        settings=keeping.merged(settings),
    )
    return Fork(recording, point, filled, keeping, inherited, prompts, answer)


def wire_format_of(provider: Provider, model: str) -> WireFormat:
    """The wire format a provider uses for a model."""
    return provider.encode(ModelRequest(model, (UserMessage("?"),))).wire_format


def is_fork(events: Sequence[RunEvent]) -> bool:
    """Whether the run was made by a fork here, with tools that are not simply the project's."""
    return any(isinstance(event, NoteAdded) and event.by == BY_FORK for event in events)


def prefix_changes(started: RunStarted, setup: RunSetup) -> tuple[str, ...]:
    """What comes before all messages and has changed."""
    changes = []
    if started.instructions != setup.instructions:
        changes.append("the instructions")
    then = [_on_the_wire(document) for document in started.tools]
    if then != [_on_the_wire(tool.document) for tool in setup.toolset]:
        changes.append("the tools")
    return tuple(changes)


def kept_messages(messages: Sequence[Message], keeping: Keeping) -> tuple[Message, ...]:
    """The messages with their thinking as far as it is kept."""
    return tuple(keeping.kept(message) if isinstance(message, AssistantMessage) else message for message in messages)


def _kept(response: ModelResponse, keeping: Keeping) -> ModelResponse:
    return msgspec.structs.replace(response, wire_copy=keeping.kept(response.message).wire_copy)


def _own_id(call_id: CallId, parent: RunId, run_id: RunId) -> CallId:
    return CallId(f"{run_id}{call_id.removeprefix(parent)}")


def _on_the_wire(document: object) -> object:
    """What a model sees of a tool."""
    keys = ("name", "description", "inputSchema", "strict")
    return {key: document.get(key) for key in keys} if isinstance(document, dict) else document
