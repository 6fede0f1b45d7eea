"""The life of an approval, in every order of events: no unapproved run, no second run."""

import asyncio

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.support.runs import RUN_ID, Bodies, Body, DirectChecker, HandClock, MemoryGate, PushedClock, settle_down
from tests.support.scripts import TEXT, call, calls, says, schema, script
from workbench.app.approvals.approval_desk import ApprovalDesk
from workbench.core.approval import ASK_ALL, Decision, DecisionKind, Question
from workbench.core.event import ApprovalGiven, ToolCallSettled, ToolStarted
from workbench.core.ids import CallId
from workbench.core.log import EventLog
from workbench.core.message import UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.core.trace import fold
from workbench.engine.ask import Asker
from workbench.engine.call_services import CallServices
from workbench.engine.dispatch import Dispatcher
from workbench.engine.loop import Loop
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup
from workbench.providers.scripted import ScriptedAdapter

TOUCH = Tool.make("touch", "Touch.", schema("at", at=TEXT))
ANSWERS = script(calls(*(call("touch", at=place) for place in "abc")), says("Done."))


def question(call_id: str = "c1", shown_hash: str = "hash") -> Question:
    return Question(CallId(call_id), TOUCH, '{"at":"a"}', "ask *", "decision", shown_hash)


async def test_a_decision_reaches_who_asked() -> None:
    desk = ApprovalDesk()
    asking = asyncio.create_task(desk.decide(question()))
    await asyncio.sleep(0)
    assert [waiting.call_id for waiting in desk.pending] == ["c1"]
    assert desk.answer(CallId("c1"), "hash", Decision("approve", by="me"))
    assert (await asking).kind == "approve"
    assert desk.pending == ()


async def waiting(desk: ApprovalDesk, asked: Question) -> "asyncio.Task[Decision]":
    asking = asyncio.create_task(desk.decide(asked))
    await asyncio.sleep(0)
    return asking


async def test_a_held_approval_is_given_when_its_time_is_over_and_not_before() -> None:
    clock, heard = HandClock(), list[bool]()
    desk = ApprovalDesk(clock)
    asking = await waiting(desk, question())
    assert desk.hold(CallId("c1"), "hash", Decision("approve", by="me"), seconds=3, on_counted=heard.append)
    assert not desk.hold(CallId("c1"), "hash", Decision("approve", by="me"), seconds=3, on_counted=heard.append)
    await settle_down()
    await clock.push(2.9)
    assert (asking.done(), heard, desk.held_until(CallId("c1"))) == (False, [], 1_003.0)
    await settle_down()
    await clock.push(0.2)
    assert (asking.result().kind, heard, desk.held_until(CallId("c1"))) == ("approve", [True], None)
    assert not desk.take_back(CallId("c1"))


async def test_a_held_approval_that_is_taken_back_leaves_the_question_open() -> None:
    clock, heard = HandClock(), list[bool]()
    desk = ApprovalDesk(clock)
    asking = await waiting(desk, question())
    desk.hold(CallId("c1"), "hash", Decision("approve", by="me"), seconds=3, on_counted=heard.append)
    assert desk.take_back(CallId("c1"))
    await settle_down()
    await clock.push(10)
    assert (asking.done(), heard, len(desk.pending)) == (False, [], 1)
    assert desk.answer(CallId("c1"), "hash", Decision("reject", by="me"))
    assert (await asking).kind == "reject"


async def test_another_decision_comes_before_a_held_approval() -> None:
    clock, heard = HandClock(), list[bool]()
    desk = ApprovalDesk(clock)
    asking = await waiting(desk, question())
    desk.hold(CallId("c1"), "hash", Decision("approve", by="me"), seconds=3, on_counted=heard.append)
    assert desk.answer(CallId("c1"), "hash", Decision("reject", by="me"))
    await settle_down()
    await clock.push(10)
    assert ((await asking).kind, heard) == ("reject", [])


async def test_a_withdrawn_question_takes_its_held_approval_along_and_a_later_one_is_not_touched_by_it() -> None:
    clock, heard = HandClock(), list[bool]()
    desk = ApprovalDesk(clock)
    asking = await waiting(desk, question())
    desk.hold(CallId("c1"), "hash", Decision("approve", by="me"), seconds=3, on_counted=heard.append)
    asking.cancel()
    await asyncio.wait([asking])
    later = await waiting(desk, question("c1", "another hash"))
    await settle_down()
    await clock.push(10)
    assert (later.done(), heard) == (False, [])
    later.cancel()
    await asyncio.wait([later])


async def test_a_question_that_would_expire_waits_for_its_held_approval() -> None:
    clock = HandClock()
    desk = ApprovalDesk(clock)
    asking = await waiting(desk, msgspec.structs.replace(question(), expires_at=1_001.0))
    desk.hold(CallId("c1"), "hash", Decision("approve", by="me"), seconds=3, on_counted=lambda counted: None)
    assert desk.expires_at(CallId("c1")) == 1_004.0
    await settle_down()
    await clock.push(3)
    assert (await asking).kind == "approve"


@pytest.mark.parametrize(("call_id", "shown_hash"), [("c1", "other"), ("c2", "hash"), ("", "")])
async def test_a_decision_about_anything_else_than_what_was_shown_does_not_count(call_id: str, shown_hash: str) -> None:
    desk = ApprovalDesk()
    asking = asyncio.create_task(desk.decide(question()))
    await asyncio.sleep(0)
    assert not desk.answer(CallId(call_id), shown_hash, Decision("approve", by="me"))
    assert len(desk.pending) == 1
    asking.cancel()
    await asyncio.wait([asking])


async def test_a_double_click_decides_once() -> None:
    desk = ApprovalDesk()
    asking = asyncio.create_task(desk.decide(question()))
    await asyncio.sleep(0)
    assert desk.answer(CallId("c1"), "hash", Decision("approve", by="me"))
    assert not desk.answer(CallId("c1"), "hash", Decision("reject", by="me"))
    assert (await asking).kind == "approve"


async def test_a_cancelled_question_is_withdrawn_and_can_no_longer_be_decided() -> None:
    desk = ApprovalDesk()
    heard: list[int] = []
    desk.changed.connect(lambda: heard.append(len(desk.pending)))
    asking = asyncio.create_task(desk.decide(question()))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    assert heard == [1, 0]
    assert not desk.answer(CallId("c1"), "hash", Decision("approve", by="me"))


class ApprovalLife(RuleBasedStateMachine):
    """A run with three calls that must be asked about, and a person (or two) doing things in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.events = asyncio.new_event_loop()
        self.desk = ApprovalDesk()
        self.log = EventLog()
        self.seen: list[Question] = []
        self.counted: dict[CallId, list[DecisionKind]] = {}
        body: Body = lambda arguments: "felt"  # noqa: E731 — one line says it
        self.bodies = Bodies({"touch": body})
        setup = RunSetup(model="script", toolset=Toolset([TOUCH]), policy=ASK_ALL)
        clock = PushedClock()
        recorder = Recorder(RUN_ID, self.log, clock)
        provider = ScriptedAdapter(ANSWERS)
        dispatcher = Dispatcher(
            setup,
            recorder,
            CallServices(executors=self.bodies, approver=self.desk, gate=MemoryGate(), checker=DirectChecker()),
        )
        asker = Asker(setup, recorder, provider=provider, clock=clock)
        loop = Loop(setup, recorder, provider=provider, asker=asker, dispatcher=dispatcher)
        self.task = self.events.create_task(loop.run((UserMessage("Go."),)))
        self.let_time_pass(20)

    @rule(steps=st.integers(0, 8))
    def let_time_pass(self, steps: int) -> None:
        for _ in range(steps):
            self.events.run_until_complete(asyncio.sleep(0))
        self.seen += [waiting for waiting in self.desk.pending if waiting not in self.seen]

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), kind=st.sampled_from(["approve", "reject", "mock", "edit", "expire"]))
    def decide(self, data: st.DataObject, kind: DecisionKind) -> None:
        """About any question ever seen: an old one, one twice, one of a stopped run."""
        about = data.draw(st.sampled_from(self.seen))
        text = '{"at":"edited"}' if kind == "edit" else None
        if self.desk.answer(about.call_id, about.shown_hash, Decision(kind, by="me", arguments_json=text)):
            self.counted.setdefault(about.call_id, []).append(kind)

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def decide_about_something_not_shown(self, data: st.DataObject) -> None:
        about = data.draw(st.sampled_from(self.seen))
        assert not self.desk.answer(about.call_id, about.shown_hash[::-1] + "x", Decision("approve", by="me"))

    @rule()
    def stop(self) -> None:
        self.task.cancel()

    @invariant()
    def nothing_runs_without_an_approval_and_nothing_runs_twice(self) -> None:
        started = [event.call_id for event in self.log if isinstance(event, ToolStarted)]
        assert len(started) == len(set(started)) == len(self.bodies.ran)
        for call_id in started:
            assert {"approve", "edit"} & set(self.counted.get(call_id, [])), "ran without an approval"

    @invariant()
    def every_decision_that_counted_is_on_record_once(self) -> None:
        given = [event.call_id for event in self.log if isinstance(event, ApprovalGiven)]
        assert len(given) == len(set(given))
        assert set(given) <= set(self.counted)

    def teardown(self) -> None:
        self.task.cancel()
        self.events.run_until_complete(asyncio.wait([self.task]))
        proposed = {span.call_id for span in fold(self.log).calls()}
        settled = [event.call_id for event in self.log if isinstance(event, ToolCallSettled)]
        assert sorted(settled) == sorted(proposed)
        self.events.close()


ApprovalLife.TestCase.settings = settings(
    max_examples=100, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestApprovalLife = ApprovalLife.TestCase
