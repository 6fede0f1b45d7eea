"""G8 · Replay and evaluation are inert: no tool runs, nothing is sent, whatever was recorded; a live fork asks again.

Every recorded exchange of all three wire formats becomes a run of ours: the recorded bytes are the first answer, with
a tool for every call in it. Then the run is rerun, played back and forked, with every socket refused.
"""

import json
import math
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.contract.formats import FORMATS, read_pieces
from tests.contract.recordings import Exchange, recorded_exchanges
from tests.support.replays import ForkOfRun, no_sockets, rerun_of
from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import call, calls, raw_call, says, script
from tests.support.tally import counted
from tests.support.wire_answers import wire_answer
from workbench.core.approval import Decision
from workbench.core.exchange import ModelRequest, ModelResponse, StreamItem, WireRequest
from workbench.core.tool import Tool
from workbench.core.tool_choice import ChoiceSupport
from workbench.replay.playback import Playback

EXCHANGES = [exchange for exchange in recorded_exchanges() if exchange.status == 200]

pytestmark = pytest.mark.skipif(not EXCHANGES, reason="there are no recordings beside the repository")


class Recorded:
    """Answers the first request with recorded bytes, and every other one with words."""

    name = "recorded"

    def __init__(self, exchange: Exchange) -> None:
        self._form = FORMATS[exchange.wire_format]
        body = exchange.sse.encode() if exchange.sse is not None else json.dumps(exchange.response).encode()
        self.items = self._read(body)
        self._then = self._read(b"".join(wire_answer(exchange.wire_format, "Done.")))
        self.sent = 0

    def choice_support(self, model: str) -> ChoiceSupport:
        return ChoiceSupport()

    def encode(self, request: ModelRequest) -> WireRequest:
        return self._form.encode(request)

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        self.sent += 1
        for item in self.items if self.sent == 1 else self._then:
            yield item

    async def close(self) -> None:
        """Nothing to let go of."""

    def _read(self, body: bytes) -> list[StreamItem]:
        deltas, response = read_pieces(self._form, [body])
        return [*deltas, response]


async def run_of(exchange: Exchange) -> tuple[ScriptedRun, Recorded]:
    """A live run whose first answer is the recorded one; every tool in it exists, takes anything and runs."""
    provider = Recorded(exchange)
    response = next(item for item in provider.items if isinstance(item, ModelResponse))
    names = dict.fromkeys(call.tool for call in response.calls)
    run = ScriptedRun(
        script(),
        tools=tuple(Tool.make(name, "Anything.", {"type": "object"}) for name in names),
        bodies={name: (lambda arguments: {"done": True}) for name in names},
        provider=provider,
    )
    await run.run()
    return run, provider


async def test_no_recording_runs_or_sends_anything_when_it_is_rerun_played_or_forked() -> None:
    rerun_calls = forked = asked_again = 0
    with counted("G8", f"{len(EXCHANGES)} recorded exchanges rerun, played back and forked, sockets refused") as tally:
        for exchange in EXCHANGES:
            with tally.case(exchange.label):
                run, provider = await run_of(exchange)
                ran, sent = list(run.bodies.ran), provider.sent
                with no_sockets():
                    again = await rerun_of(run.log, encoder=provider)
                    assert again.divergence is None, str(again.divergence)
                    rerun_calls += again.calls
                    played = [event async for event in Playback(run.log, run.clock, speed=math.inf)]
                    assert played == list(run.log)
                    if any(call.started for call in run.trace.calls()):
                        await fork_runs_nothing(run)
                        asked_again += await a_live_fork_asks(run)
                        forked += 1
                assert (run.bodies.ran, provider.sent) == (ran, sent), "something ran or was sent"
        tally.notes.append(f"{rerun_calls} recorded calls answered from the recording, {forked} forks mocked")
        tally.notes.append(f"{asked_again} calls of live forks asked about again, none run before")


async def fork_runs_nothing(run: ScriptedRun) -> None:
    """A fork that is told the same gets the recorded results."""
    first = next(item for item in run.trace.calls())
    same = script(calls(raw_call(first.tool, first.proposed.arguments_json)), says("Done."))
    fork = ForkOfRun(run.log, "round-1", same, tools="mock", bodies=bodies_that_fail(run))
    assert (await fork.run()).outcome == "answered"
    assert fork.bodies.ran == []


async def a_live_fork_asks(run: ScriptedRun) -> int:
    """What is not in the recording is asked about, although a rule allows every call; a no is a no."""
    names = dict.fromkeys(call.tool for call in run.trace.calls())
    asked = Answers(*(Decision("reject", by="me") for _ in names))
    otherwise = script(calls(*(call(name, quite_another="thing") for name in names)), says("Done."))
    fork = ForkOfRun(run.log, "round-1", otherwise, tools="ask", bodies=bodies_that_fail(run), approver=asked)
    await fork.run()
    assert len(asked.questions) == len(names)
    assert fork.bodies.ran == []
    return len(names)


def bodies_that_fail(run: ScriptedRun) -> dict[str, Any]:
    return {name: (lambda arguments: pytest.fail("a tool ran")) for name in {call.tool for call in run.trace.calls()}}


def test_the_guard_itself_refuses() -> None:
    with no_sockets(), pytest.raises(AssertionError, match="wanted a socket"):
        socket.create_connection(("127.0.0.1", 9))
