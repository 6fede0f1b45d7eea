"""A run with three calls that must be asked about, in which anything can happen in any order.

The state machine behind tests/reliability/test_approval_interleavings.py: a real run, a real desk, a real database.
"""

import asyncio
import json
from contextlib import suppress
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.support.runs import Bodies, DirectChecker, HandClock
from tests.support.scripts import TEXT, call, calls, says, schema, script
from workbench.app.approvals.approval_desk import ApprovalDesk
from workbench.core.approval import ASK_ALL, RUNS, Approval, Decision, Question
from workbench.core.event import ApprovalGiven, ToolCallSettled, ToolStarted
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import JsonObject
from workbench.core.limit import RunLimits
from workbench.core.log import EventLog
from workbench.core.message import UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.core.trace import fold
from workbench.engine.ask import Asker
from workbench.engine.call_services import CallServices
from workbench.engine.dispatch import Dispatcher
from workbench.engine.loop import Loop
from workbench.engine.ports import Claim
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup
from workbench.providers.scripted import Script, ScriptedAdapter
from workbench.store.approvals import claim
from workbench.store.runs import RunStore

TOUCH = Tool.make("touch", "Touch.", schema("at", at=TEXT))
THREE = script(calls(*(call("touch", at=place) for place in "abc")), says("Done."))
ANY_WORD = ("approve", "reject", "mock", "edit", "expire")


class Registry:
    """What the tool is now; `version` is what would run."""

    def __init__(self) -> None:
        self.version = 0

    async def fingerprint(self, tool: Tool) -> str:
        return str(self.version)


class SteadyGate:
    """The database's gate at the pace of the test: what its thread does happens between two steps of the run, before
    or after the moment in which a cancellation can arrive. So every order can be tried, and tried again."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self.hesitates = False

    async def claim(self, run_id: RunId, approval: Approval) -> Claim:
        if self.hesitates:
            await asyncio.sleep(0)
        answer = self._store._writer.submit(lambda connection: claim(connection, run_id, approval)).result(30)
        await asyncio.sleep(0)
        return answer  # type: ignore[return-value]


class Life(RuleBasedStateMachine):
    """A run with three calls that must be asked about. Subclasses add what else can happen."""

    store: ClassVar[RunStore]
    other: ClassVar[RunStore]
    lives: ClassVar[int] = 0
    WORDS: ClassVar[tuple[str, ...]] = ANY_WORD
    SCRIPT: ClassVar[Script] = THREE
    LIMITS: ClassVar[RunLimits] = RunLimits()
    is_stopped = False

    def __init__(self) -> None:
        super().__init__()
        type(self).lives += 1
        self.events = asyncio.new_event_loop()
        self.run_id = RunId(f"{type(self).__name__}-{type(self).lives}")
        self.clock = HandClock()
        self.gate = SteadyGate(self.store)
        self.registry = Registry()
        self.log = EventLog()
        self.store.follow(self.log)
        self.ran: list[tuple[JsonObject, int]] = []
        self.seen: list[tuple[Question, int]] = []
        self.allowed: dict[CallId, list[tuple[JsonObject, int]]] = {}
        self.refused: set[CallId] = set()
        self.claimed_elsewhere: set[CallId] = set()
        self.quits = 0
        self._begin((UserMessage("Go."),))
        self._settle_down()

    def _begin(self, prompts: tuple[UserMessage, ...]) -> None:
        def touch(arguments: JsonObject) -> str:
            self.ran.append((arguments, self.registry.version))
            return "felt"

        self.desk = ApprovalDesk(self.clock)
        setup = RunSetup(model="script", toolset=Toolset([TOUCH]), policy=ASK_ALL, limits=self.LIMITS)
        recorder = Recorder(self.run_id, self.log, self.clock)
        provider = ScriptedAdapter(self.SCRIPT)
        dispatcher = Dispatcher(
            setup,
            recorder,
            CallServices(
                executors=Bodies({"touch": touch}),
                approver=self.desk,
                gate=self.gate,
                checker=DirectChecker(),
                registry=self.registry,
            ),
        )
        asker = Asker(setup, recorder, provider=provider, clock=self.clock)
        loop = Loop(setup, recorder, provider=provider, asker=asker, dispatcher=dispatcher)
        self.task = self.events.create_task(loop.run(prompts))

    def _steps(self, count: int) -> None:
        for _ in range(count):
            self.events.run_until_complete(asyncio.sleep(0))
        for question in self.desk.pending:
            if all(question.shown_hash != seen.shown_hash for seen, _ in self.seen):
                self.seen.append((question, self.registry.version))

    def _settle_down(self) -> None:
        """Let everything go on as far as it can."""
        self._steps(20)

    def answer(self, question: Question, version: int, decision: Decision) -> bool:
        counted = self.desk.answer(question.call_id, question.shown_hash, decision)
        if counted and decision.kind in RUNS:
            text = decision.arguments_json if decision.arguments_json is not None else question.arguments_json
            with suppress(ValueError):
                self.allowed.setdefault(question.call_id, []).append((json.loads(text), version))
        elif counted:
            self.refused.add(question.call_id)
        return counted

    @rule(steps=st.integers(0, 5))
    def let_time_pass(self, steps: int) -> None:
        self._steps(steps)

    @rule()
    def wait_until_nothing_moves(self) -> None:
        self._settle_down()

    @rule(hesitates=st.booleans())
    def change_the_pace_of_the_disk(self, hesitates: bool) -> None:
        self.gate.hesitates = hesitates

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def decide(self, data: st.DataObject) -> None:
        """About any question ever seen: an old one, one twice, one of a stopped run."""
        question, version = data.draw(st.sampled_from(self.seen))
        word = data.draw(st.sampled_from(self.WORDS))
        text = '{"at":"edited"}' if word == "edit" else None
        self.answer(question, version, Decision(word, by="me", arguments_json=text))  # type: ignore[arg-type]

    @invariant()
    def nothing_runs_without_an_approval_and_nothing_runs_twice(self) -> None:
        started = [event for event in self.log if isinstance(event, ToolStarted)]
        assert len({event.call_id for event in started}) == len(started), "started twice"
        assert len(self.ran) == len(started), "ran without a record, or twice"
        for event, (arguments, version) in zip(started, self.ran, strict=True):
            assert (arguments, version) in self.allowed.get(event.call_id, []), "ran what nobody approved"
            assert event.call_id not in self.claimed_elsewhere, "ran although another program had started it"

    def teardown(self) -> None:
        self._settle_down()
        self.task.cancel()
        self.events.run_until_complete(asyncio.wait([self.task]))
        self._settle_down()
        self.nothing_runs_without_an_approval_and_nothing_runs_twice()
        proposed = sorted(span.call_id for span in fold(self.log).calls())
        settled = sorted(event.call_id for event in self.log if isinstance(event, ToolCallSettled))
        assert settled == proposed, "a call was not settled exactly once"
        given = {event.call_id for event in self.log if isinstance(event, ApprovalGiven) and event.decision not in RUNS}
        # A no in the very moment of Stop comes after it: the call is settled as canceled.
        assert self.refused <= given or self.quits or self.is_stopped, "a refusal is not on record"
        started = [event.call_id for event in self.log if isinstance(event, ToolStarted)]
        self._agrees_with_the_database(started)
        self.events.close()

    def _agrees_with_the_database(self, started: list[CallId]) -> None:
        self.store.flush()
        rows = self.store._read(
            "SELECT c.call_id, a.decision, c.shown_hash = a.runs_hash FROM claims c JOIN approvals a USING (call_id)"
            " WHERE c.run_id = ?",
            (self.run_id,),
        )
        assert set(started) <= {row[0] for row in rows}, "ran without a claim in the database"
        assert all(row[1] in RUNS and row[2] for row in rows), "a claim without its approval in the database"
