"""Real recorded conversations of the three wires: played back, run again without a socket, and forked."""

import pytest

from tests.contract.formats import FORMATS
from tests.contract.recorded_runs import Conversation, RecordedAnswers, conversations, imported
from tests.support.replays import ForkOfRun, rerun_of
from tests.support.runs import PushedClock
from tests.support.scripts import says, script
from workbench.core.content import ReasoningPart
from workbench.core.event import RequestSent, ResponseReceived, RunEvent, ToolCallSettled, kind_of
from workbench.core.run_total import BY_FORK
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
