"""A question that nobody answers in time has been answered: the call does not run."""

import asyncio

from tests.support.runs import RUN_ID, HandClock, ScriptedRun, settle_down
from tests.support.scripts import TEXT, call, calls, says, schema, script
from workbench.app.approvals.approval_desk import ApprovalDesk
from workbench.core.approval import ASK_ALL, Decision
from workbench.core.event import ApprovalAsked, RunFinished
from workbench.core.ids import call_id_for
from workbench.core.limit import RunLimits
from workbench.core.tool import Tool

TOUCH = Tool.make("touch", "Touch.", schema("at", at=TEXT))
CALL = call_id_for(RUN_ID, 1, 1, 0)
YES = Decision("approve", by="person")


class Waiting:
    """A run whose one call waits for a decision, for at most a minute."""

    def __init__(self, limits: RunLimits | None = None) -> None:
        self.clock = HandClock()
        self.desk = ApprovalDesk(self.clock)
        self.run = ScriptedRun(
            script(calls(call("touch", at="a")), says("Done.")),
            tools=(TOUCH,),
            bodies={"touch": lambda _: "felt"},
            approver=self.desk,
            policy=ASK_ALL,
            limits=limits or RunLimits(approval_seconds=60.0),
            clock=self.clock,
        )
        self.task: asyncio.Task[RunFinished] | None = None

    async def __aenter__(self) -> "Waiting":
        self.task = asyncio.create_task(self.run.run())
        await settle_down()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.task is not None
        self.task.cancel()
        await asyncio.wait([self.task])

    def answer(self, decision: Decision = YES) -> bool:
        shown = self.desk.pending[0].shown_hash if self.desk.pending else "nothing"
        return self.desk.answer(CALL, shown, decision)


async def test_a_question_says_until_when_it_waits() -> None:
    async with Waiting() as waiting:
        asked = next(event for event in waiting.run.log if isinstance(event, ApprovalAsked))
        assert waiting.desk.pending[0].expires_at == asked.expires_at == 1_060.0


async def test_a_call_nobody_decides_about_expires_and_the_model_is_told_it_did_not_run() -> None:
    async with Waiting() as waiting:
        await waiting.clock.push(59.0)
        assert waiting.run.outcomes == ["open"]
        await waiting.clock.push(1.0)
        assert waiting.run.outcomes == ["expired"]
        assert "did not run" in waiting.run.settled[0].result_text
        assert waiting.run.bodies.ran == []
        assert waiting.desk.pending == ()
        given = waiting.run.events("approval.given")[0]
        assert (given.decision, given.by) == ("expire", "clock")  # type: ignore[union-attr]


async def test_a_decision_in_time_counts() -> None:
    async with Waiting() as waiting:
        await waiting.clock.push(59.0)
        assert waiting.answer()
        await settle_down()
        assert waiting.run.outcomes == ["ok"]
        assert waiting.run.trace.finished is not None


async def test_a_decision_after_the_time_does_not_count_even_before_anybody_has_noticed() -> None:
    async with Waiting() as waiting:
        waiting.clock.time += 61.0
        assert not waiting.answer()
        await waiting.clock.push(0.0)
        assert waiting.run.outcomes == ["expired"]


async def test_a_question_given_more_time_waits_longer_and_that_is_on_record() -> None:
    async with Waiting() as waiting:
        assert waiting.desk.extend(CALL, 30.0)
        assert waiting.desk.pending[0].expires_at == 1_090.0
        await waiting.clock.push(60.0)
        assert waiting.run.outcomes == ["open"]
        asked = [event for event in waiting.run.log if isinstance(event, ApprovalAsked)]
        assert [event.expires_at for event in asked] == [1_060.0, 1_090.0]
        await waiting.clock.push(29.0)
        assert waiting.answer()
        await settle_down()
        assert waiting.run.outcomes == ["ok"]
        waited = waiting.run.trace.call(CALL)
        assert waited is not None
        assert waited.waited_s == 89.0


async def test_more_time_runs_out_too() -> None:
    async with Waiting() as waiting:
        waiting.desk.extend(CALL, 30.0)
        await waiting.clock.push(60.0)
        waiting.desk.extend(CALL, 5.0)
        await waiting.clock.push(30.0)
        assert waiting.run.outcomes == ["open"]
        await waiting.clock.push(5.0)
        assert waiting.run.outcomes == ["expired"]


async def test_what_does_not_wait_or_has_no_end_is_given_no_more_time() -> None:
    async with Waiting() as waiting:
        assert not waiting.desk.extend(call_id_for(RUN_ID, 1, 1, 1), 30.0)
        assert not waiting.desk.extend(CALL, -30.0)
        await waiting.clock.push(60.0)
        assert not waiting.desk.extend(CALL, 30.0)


async def test_stopping_the_run_withdraws_a_question_that_expires() -> None:
    async with Waiting() as waiting:
        assert waiting.task is not None
        waiting.task.cancel()
        await settle_down()
        assert waiting.desk.pending == ()
        assert waiting.run.outcomes == ["cancelled"]


async def test_a_question_without_a_limit_waits_for_as_long_as_it_takes() -> None:
    async with Waiting(RunLimits()) as waiting:
        await waiting.clock.push(100_000.0)
        assert waiting.desk.pending[0].expires_at is None
        assert not waiting.desk.extend(CALL, 30.0)
        assert waiting.answer()
        await settle_down()
        assert waiting.run.outcomes == ["ok"]
