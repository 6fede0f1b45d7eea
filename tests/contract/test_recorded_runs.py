"""Real recorded conversations of the three wires: played back, run again without a socket, and forked."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeGuard

import pytest

from tests.contract.formats import FORMATS, Format
from tests.contract.recorded_runs import Conversation, RecordedAnswers, conversations, imported
from tests.support.projects import make_project
from tests.support.replays import ForkOfRun, no_sockets, rerun_of
from tests.support.runs import PushedClock
from tests.support.scripts import says, script
from workbench.app.project.folders import UserFolders
from workbench.app.replay.replays import Replays
from workbench.app.session import Session
from workbench.core.content import ReasoningPart, TextPart
from workbench.core.conversation import conversation as history
from workbench.core.event import RequestSent, ResponseReceived, RunEvent, ToolCallSettled, kind_of
from workbench.core.exchange import ModelRequest, ModelResponse, StreamItem, WireRequest
from workbench.core.log import EventLog
from workbench.core.message import AssistantMessage, Message, ToolResultsMessage
from workbench.core.run_total import BY_FORK
from workbench.core.tool_choice import ChoiceSupport
from workbench.core.trace import fold
from workbench.replay.fingerprint import request_difference
from workbench.replay.fork_point import before_point, parse_point, points
from workbench.replay.playback import Playback
from workbench.replay.recording import Recording

CONVERSATIONS = conversations()
pytestmark = pytest.mark.skipif(not CONVERSATIONS, reason="the recordings are not beside the repository")
every_conversation = pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one.label)


@every_conversation
async def test_a_recorded_conversation_comes_in_as_a_run_and_plays_back(conversation: Conversation) -> None:
    events = await imported(conversation)
    proposed = [call.tool for call in fold(events).calls()]
    assert proposed == [tool for exchange in conversation.exchanges for tool in exchange["tool_calls"]]
    assert [event async for event in Playback(events, PushedClock())] == events


@every_conversation
async def test_it_runs_again_to_the_same_without_a_socket(conversation: Conversation) -> None:
    events = await imported(conversation)
    again = await rerun_of(events, FORMATS[conversation.wire_format].adapter())
    assert again.divergence is None
    assert again.rounds == sum(kind_of(event) == "round.started" for event in events)


@every_conversation
async def test_it_is_forked_at_every_point_against_a_script(conversation: Conversation) -> None:
    events = await imported(conversation)
    thought = any(
        isinstance(event, ResponseReceived) and any(isinstance(part, ReasoningPart) for part in event.response.parts)
        for event in events
    )
    for at in points(Recording(tuple(events))):
        fork = ForkOfRun(events, str(at), script(*[says("From here on it is a script.")] * 20), tools="mock")
        finished = await fork.run()
        assert finished.outcome in ("answered", "limit", "failed")
        assert {event.outcome for event in fork.settled if event.seq > _note(list(fork.log))} <= {
            "replayed",
            "mocked",
            "error",
            "invalid",
        }
        if not thought:
            assert not any("thinking" in loss.what for loss in fork.forked.fork.keeping.losses)


@every_conversation
async def test_a_fork_to_its_own_model_sends_what_was_sent(conversation: Conversation) -> None:
    events = await imported(conversation)
    recording = Recording(tuple(events))
    rounds = [at for at in points(recording) if at.kind == "round"]
    for number, at in enumerate(rounds):
        left = conversation.exchanges[number:]
        if not left:
            continue
        provider = RecordedAnswers(FORMATS[conversation.wire_format], left)
        fork = ForkOfRun(events, str(at), script(), provider=provider)
        await fork.run()
        inherited = before_point(recording, parse_point(str(at), recording))
        own = _first_request(list(fork.log), _note(list(fork.log)))
        then = _first_request(events, inherited[-1].seq)
        if own is not None and then is not None:
            assert request_difference(then.wire_format, then.body_json, own.body_json) == ""


@every_conversation
async def test_it_goes_on_over_either_other_wire_and_what_is_lost_is_listed(conversation: Conversation) -> None:
    events = await imported(conversation)
    recording = Recording(tuple(events))
    rounds = [at for at in points(recording) if at.kind == "round"]
    at = rounds[-1]
    before = history(before_point(recording, at))
    for wire_format, form in FORMATS.items():
        provider = AnswersOver(form)
        fork = ForkOfRun(events, str(at), script(), provider=provider, to_wire=wire_format)
        assert (await fork.run()).outcome in ("answered", "limit", "failed")
        losses = fork.forked.fork.keeping.losses
        if wire_format == conversation.wire_format:
            assert not [loss for loss in losses if "cannot be carried over" in loss.what]
            continue
        told = sum(
            isinstance(part, ReasoningPart) for message in before if _is_answer(message) for part in message.parts
        )
        assert bool(told) == any("cannot be carried over" in loss.what for loss in losses)
        for body in provider.bodies[:1]:
            for message in before:
                if isinstance(message, ToolResultsMessage):
                    assert all(json.dumps(result.text)[1:-1] in body for result in message.results)
                elif _is_answer(message):
                    assert all(json.dumps(call.tool)[1:-1] in body for call in message.calls)


def _is_answer(message: Message) -> TypeGuard[AssistantMessage]:
    return isinstance(message, AssistantMessage)


class AnswersOver:
    """A provider that writes requests as a vendor wants them, and answers each with the same words."""

    def __init__(self, form: Format) -> None:
        self._adapter = form.adapter()
        self.name = self._adapter.name
        self.bodies: list[str] = []

    def choice_support(self, model: str) -> ChoiceSupport:
        return self._adapter.choice_support(model)

    def encode(self, request: ModelRequest) -> WireRequest:
        return self._adapter.encode(request)

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        self.bodies.append(wire.body_json)
        yield ModelResponse((TextPart("From another vendor."),), "answered")

    async def close(self) -> None:
        pass


async def test_all_of_them_are_kept_in_a_project_and_run_again_from_there(tmp_path: Path, own_home: Path) -> None:
    folders = UserFolders(own_home / "state", own_home / "config", own_home / "data")
    session = Session(make_project(tmp_path / "marks"), folders=folders, trust_for_now=True)
    replays = Replays(session.runs, session.providers, session.prices)
    try:
        for conversation in CONVERSATIONS:
            log = EventLog()
            session.store.follow(log)
            for event in await imported(conversation):
                log.append(event)
        rows = session.runs.recorded()
        assert len(rows) == len(CONVERSATIONS)
        with no_sockets():
            results = [(row.run_id, await replays.rerun(row.run_id)) for row in rows]
        assert [(run_id, str(again.divergence)) for run_id, again in results if not again.is_identical] == []
        assert len(session.runs.recorded()) == len(CONVERSATIONS)
        for row in rows[:20]:
            playback, remark = replays.playable(row.run_id)
            assert not remark
            assert len(playback) == len(session.runs.load(row.run_id))
    finally:
        await replays.close()
        await session.close()


async def test_nothing_of_what_was_run_is_run_again() -> None:
    ran = 0
    for conversation in CONVERSATIONS[:10]:
        events = await imported(conversation)
        again = await rerun_of(events, FORMATS[conversation.wire_format].adapter())
        ran += sum(
            event.outcome in ("ok", "error") and any(other.started for other in fold(again.events).calls())
            for event in again.events
            if isinstance(event, ToolCallSettled) and event.error_kind not in ("unknown_tool", "invalid_arguments")
        )
    assert ran == 0


def _note(events: list[RunEvent]) -> int:
    return next(event.seq for event in events if getattr(event, "by", "") == BY_FORK)


def _first_request(events: list[RunEvent], after_seq: int) -> RequestSent | None:
    return next((event for event in events if isinstance(event, RequestSent) and event.seq > after_seq), None)
