"""Traces of several runs, shared by those who read them."""

from tests.support.runs import RUN_ID, ScriptedRun
from tests.support.scripts import says, script
from workbench.core.ids import RunId
from workbench.core.trace import Traces


async def test_an_event_is_folded_once_whoever_takes_it_first() -> None:
    run = ScriptedRun(script(says("Quiet.")))
    await run.run()
    traces = Traces()
    for _reader in range(2):
        for event in run.log:
            trace = traces.take(event)
    assert len(trace.turns) == 1
    assert (trace.turns, trace.finished, trace.last_seq) == (run.trace.turns, run.trace.finished, run.trace.last_seq)


async def test_a_run_nothing_is_known_of_has_an_empty_trace_until_it_begins() -> None:
    run = ScriptedRun(script(says("Quiet.")))
    await run.run()
    traces = Traces()
    assert traces.get(RunId("other")).started is None
    assert len(traces) == 0
    for event in run.log:
        traces.take(event)
    assert traces.get(RUN_ID).answer == "Quiet."
    traces.clear()
    assert len(traces) == 0
