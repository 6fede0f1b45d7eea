"""G11 · The service refuses strangers, and a decision by the person and one by a client never both count."""

import asyncio
import json
import random
from pathlib import Path

import pytest

pytest.importorskip("fastapi")

from tests.support.served import Served, attacks
from tests.support.tally import counted, fast_folder, size
from workbench.app.service.service_client import ServiceClient, ServiceRefusal
from workbench.core.approval import Decision, DecisionKind
from workbench.core.event import ApprovalGiven, ToolStarted
from workbench.core.log import EventLog
from workbench.service.approval_state import ApprovalSeal, WaitingCall

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
