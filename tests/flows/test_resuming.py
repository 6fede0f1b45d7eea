"""An interrupted run goes on from where its log ends, as if nothing had happened."""

import asyncio

import pytest

from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import TEXT, call, calls, says, schema, script
from workbench.core.approval import Decision, Policy, Rule
from workbench.core.event import RunEvent, is_durable, kind_of
from workbench.core.log import EventLog
from workbench.core.tool import Tool

LOOK = Tool.make("look", "Look.", schema("at", at=TEXT))
TOUCH = Tool.make("touch", "Touch.", schema("at", at=TEXT))
SCRIPT = script(calls(call("look", at="a"), call("touch", at="b")), calls(call("look", at="c")), says("Done."))
POLICY = Policy((Rule("look", "allow"), Rule("touch", "ask")))


def make(log: EventLog | None = None) -> ScriptedRun:
    return ScriptedRun(
        SCRIPT,
        tools=(LOOK, TOUCH),
        bodies={"look": lambda _: "seen", "touch": lambda _: "felt"},
        policy=POLICY,
        approver=Answers(*[Decision("approve", by="person")] * 2),
        log=log,
    )


def whole_log() -> list[RunEvent]:
    run = make()
    asyncio.run(run.run())
    return [event for event in run.log if is_durable(event)]


WHOLE = whole_log()


@pytest.mark.parametrize("cut", [cut for cut in range(2, len(WHOLE)) if kind_of(WHOLE[cut - 1]) != "tool.started"])
async def test_a_run_cut_at_any_event_ends_like_the_whole_one(cut: int) -> None:
    started = {event.call_id for event in WHOLE[:cut] if kind_of(event) == "tool.started"}  # type: ignore[union-attr]
    settled = {event.call_id for event in WHOLE[:cut] if kind_of(event) == "tool_call.settled"}  # type: ignore[union-attr]
    if started - settled:
        pytest.skip("a started call is settled by the store's recovery before a run is resumed")
    run = make(EventLog(WHOLE[:cut]))
    finished = await run.loop.run()
    assert (finished.outcome, finished.text) == ("answered", "Done.")
    assert run.outcomes == ["ok", "ok", "ok"]
    ran = [event.call_id for event in run.log if kind_of(event) == "tool.started"]  # type: ignore[union-attr]
    assert len(ran) == len(set(ran)) == 3
