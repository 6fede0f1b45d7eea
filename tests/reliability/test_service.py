"""G11 · The service refuses strangers, and a decision by the person and one by a client never both count."""

import asyncio
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("fastapi")

from tests.support.command import _environment
from tests.support.served import Served, attacks
from tests.support.tally import counted, fast_folder, size
from workbench.app.service.service_client import ServiceClient, ServiceRefusal
from workbench.core.approval import Decision, DecisionKind
from workbench.core.event import ApprovalGiven, RunFinished, ToolStarted
from workbench.core.log import EventLog
from workbench.service.approval_state import ApprovalSeal, WaitingCall

ROOT = Path(__file__).parents[2]
CLIENT = ServiceClient("editor", frozenset({"read", "call", "approve"}))
WORDS: tuple[DecisionKind, ...] = ("approve", "reject")


async def test_every_attack_is_refused_and_the_control_is_answered(tmp_path: Path) -> None:
    with counted("G11", "attacks on the service, and requests that are none") as tally:
        async with Served(tmp_path / "p") as served:
            for attack in attacks(served):
                with tally.case(attack.name):
                    found = await attack.send()
                    assert found.status_code in attack.statuses, f"{found.status_code} {found.text[:80]}"
                    assert served.token not in found.text
            for number in range(size(20, 200, 200)):
                with tally.case(f"control {number}"):
                    assert (await served.http.get("/v1/tools")).status_code == 200
            with tally.case("nothing ran"):
                assert (await served.http.get("/v1/runs")).json() == {"runs": []}
            with tally.case("loopback only"):
                assert served.service.url.startswith("http://127.0.0.1:")


async def test_in_every_order_of_decisions_a_call_runs_once_at_most_and_only_when_approved() -> None:
    with counted("G11", "orders of decisions by the person and by clients") as tally, fast_folder() as folder:
        served = Served(folder / "p")
        try:
            for seed in range(size(25, 1_000, 4_000)):
                with tally.case(seed):
                    await _race(served, random.Random(seed))
        finally:
            await served.session.close()


async def test_many_conversations_at_once_stream_every_event_to_their_clients() -> None:
    with counted("G11", "conversations at once, each with a stream of its events") as tally, fast_folder() as folder:
        number = size(40, 200, 200)
        words = {"text": "A few words, in many pieces, so that streams overlap.", "delay_s": 0.002, "pieces": 40}
        async with Served(folder / "p", words, scopes=("read", "call")) as served:
            tokens = [served.tokens.create(f"client {place}", ("read", "call"))[0] for place in range(5)]

            async def talk(place: int) -> None:
                client = ServiceClient(f"client {place % 5}", frozenset({"read", "call"}))
                run = served.tools.send(client, f"Hello, {place}.")
                seen = await _streamed(served, run.run_id, tokens[place % 5])
                with tally.case(place):
                    assert seen == [event.seq for event in run.log], "events are missing, or came twice"
                    assert is_over(run.log)

            await asyncio.gather(*map(talk, range(number)))


async def _streamed(served: Served, run_id: str, token: str) -> list[int]:
    """The numbers of the events of a run; the client drops the stream once in the middle, and goes on from there."""
    numbers: list[int] = []
    for most in (7, 10_000):
        headers = served.auth(token) | ({"last-event-id": str(numbers[-1])} if numbers else {})
        async with served.http.stream("GET", f"/v1/runs/{run_id}/events", headers=headers) as answer:
            async for line in answer.aiter_lines():
                if line.startswith("id: "):
                    numbers.append(int(line[4:]))
                    if len(numbers) == most:
                        break
    return numbers


def is_over(log: EventLog) -> bool:
    return any(isinstance(event, RunFinished) for event in log)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork")
@pytest.mark.timeout(900)
def test_a_kill_in_the_middle_of_calls_loses_no_answer_and_repeats_nothing(tmp_path: Path) -> None:
    with counted("G11", "services killed in the middle of calls, and started again") as tally:
        folder = tmp_path / "services"
        folder.mkdir()
        order = [sys.executable, str(ROOT / "tests/support/service_ring.py"), str(folder), str(tmp_path)]
        ring = subprocess.run(
            [*order, str(size(2, 20, 100)), "1"],
            capture_output=True,
            text=True,
            env=_environment(tmp_path) | {"PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert ring.returncode == 0, ring.stderr[-2000:]
        verdicts = [json.loads(line) for line in ring.stdout.splitlines()]
        for verdict in verdicts:
            with tally.case(verdict["number"]):
                assert not any(verdict[word] for word in ("lost", "open", "twice", "torn", "broken")), verdict
        answered, left = (sum(verdict[word] for verdict in verdicts) for word in ("answered", "runs"))
        tally.notes.append(f"{answered} calls were answered before the kill, {left - answered} were under way")


async def _race(served: Served, chance: random.Random) -> None:
    marks = served.session.project.folder / "marks.txt"
    before = _lines(marks)
    desk, service, seal = served.session.desk, served.tools, ApprovalSeal()
    run = service.call(CLIENT, "touch", json.dumps({"mark": "x"}))
    (question,) = await served.asked()
    state = seal.seal(WaitingCall(run.run_id, question.call_id, question.shown_hash, "editor", "touch", "d", 2e9))
    counts: list[str] = []

    async def act(who: str, kind: DecisionKind) -> None:
        for _ in range(chance.randrange(4)):
            await asyncio.sleep(0)
        shown = question.shown_hash if chance.random() < 0.8 else "0" * 64
        if who == "person":
            if desk.answer(question.call_id, shown, Decision(kind, by="person")):
                counts.append(kind)
            return
        if who == "resumed":
            waiting = seal.open(state)
            if waiting is None:
                return
            shown = waiting.shown_hash
        try:
            service.decide(CLIENT, question.call_id, shown, kind)
        except ServiceRefusal:
            return
        counts.append(kind)

    actors = ["person", "client", "client", "resumed", "resumed"]
    tasks = [act(who, chance.choice(WORDS)) for who in chance.sample(actors, chance.randrange(1, 6))]
    stops = chance.random() < 0.2
    await asyncio.gather(*tasks)
    if stops or not counts:
        run.stop()
    await run.finished()
    ran = _lines(marks) - before
    started = [event for event in run.log if isinstance(event, ToolStarted)]
    assert len(counts) <= 1, "two decisions counted"
    assert ran <= len(started) <= 1, "it ran twice"
    assert not started or counts == ["approve"], "it ran without an approval"
    assert _given(run.log) <= 1


def _given(log: EventLog) -> int:
    return sum(isinstance(event, ApprovalGiven) for event in log)


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0
