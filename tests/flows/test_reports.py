"""What a running call says about how far it is: heard while it runs, bounded, and no part of what a rerun compares."""

import asyncio

from tests.support.replays import rerun_of
from tests.support.runs import HandClock, ScriptedRun, settle_down
from tests.support.scripts import TEXT, call, calls, says, schema, script
from workbench.core.event import BY_TOOL, NoteAdded, ToolCallSettled, ToolStarted
from workbench.core.tool import Tool
from workbench.engine.ports import ExecutionOrder, ExecutionResult

LOOK = Tool.make("look", "Look.", schema("at", at=TEXT))


class Talker:
    """Reports as often as it is told to, also after its end."""

    name = "talker"

    def __init__(self, times: int, clock: HandClock | None = None) -> None:
        self._times = times
        self._clock = clock
        self.order: ExecutionOrder | None = None

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        self.order = order
        for number in range(self._times):
            order.report(f"step {number} " + "x" * 1_000)
            if self._clock is not None:
                self._clock.time += 1.0
            await asyncio.sleep(0)
        return ExecutionResult("seen")


def a_run(talker: Talker, clock: HandClock | None = None) -> ScriptedRun:
    answers = script(calls(call("look", at="a"), call("look", at="b")), says("Done."))
    run = ScriptedRun(answers, tools=(LOOK,), bodies={"look": lambda arguments: None}, clock=clock)
    run.bodies._executors["look"] = talker  # type: ignore[assignment]
    return run


def notes(run: ScriptedRun) -> list[NoteAdded]:
    return [event for event in run.log if isinstance(event, NoteAdded)]


async def test_a_report_is_on_record_between_start_and_end_and_later_ones_are_not_heard() -> None:
    talker = Talker(1)
    run = a_run(talker)
    await run.run()
    assert talker.order is not None
    before = len(list(run.log))
    talker.order.report("after the end")
    assert len(list(run.log)) == before
    for note in notes(run):
        assert (note.by, note.text[:6], len(note.text)) == (BY_TOOL, "step 0", 300)
        own = [event for event in run.log if getattr(event, "call_id", None) == note.call_id]
        assert own.index(next(event for event in own if isinstance(event, ToolStarted))) < own.index(note)
        assert own.index(note) < own.index(next(event for event in own if isinstance(event, ToolCallSettled)))
    assert [span.reported[:6] for span in run.trace.calls()] == ["step 0", "step 0"]


async def test_a_call_that_never_stops_talking_fills_no_log() -> None:
    clock = HandClock()
    run = a_run(Talker(500, clock), clock)
    await run.run()
    await settle_down()
    assert 20 < len(notes(run)) <= 140


async def test_a_rerun_of_a_run_with_reports_is_identical() -> None:
    run = a_run(Talker(3))
    await run.run()
    assert notes(run)
    assert (await rerun_of(run.log)).divergence is None
