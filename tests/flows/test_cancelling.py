"""Stop, in every phase of a run: each proposed call is settled exactly once and the end is on record."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.runs import Answers, Body, Patience, ScriptedRun
from tests.support.scripts import TEXT, call, calls, fails, raw_call, says, schema, script
from workbench.core.approval import Decision, Policy, Rule
from workbench.core.event import RunFinished, ToolCallProposed, ToolCallSettled, decode_event, encode_event, is_durable
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.tool import Tool
from workbench.core.trace import fold

LOOK = Tool.make("look", "Look.", schema("at", at=TEXT))
TOUCH = Tool.make("touch", "Touch.", schema("at", at=TEXT))
POLICY = Policy((Rule("look", "allow"), Rule("touch", "ask")))


class Endless:
    """A tool body that waits until it is cancelled."""

    def __init__(self) -> None:
        self.started = asyncio.Event()
        self.cancelled = False

    async def __call__(self, arguments: JsonObject) -> JsonValue:
        self.started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return None


async def test_stopping_while_a_tool_runs_leaves_its_outcome_unknown() -> None:
    body = Endless()
    run = ScriptedRun(script(calls(call("look", at="sky"))), tools=(LOOK,), bodies={"look": body}, policy=POLICY)
    task = asyncio.create_task(run.run())
    await body.started.wait()
    task.cancel()
    await asyncio.wait([task])
    assert body.cancelled
    assert run.outcomes == ["unknown"]
    assert run.kinds[-1] == "run.finished"


async def test_stopping_while_the_model_speaks_keeps_what_arrived() -> None:
    run = ScriptedRun(script(says("one two three four", pieces=3, delay_s=0.0)))
    heard = asyncio.Event()
    run.log.subscribe(lambda event: heard.set() if not is_durable(event) else None)
    task = asyncio.create_task(run.run())
    await heard.wait()
    task.cancel()
    await asyncio.wait([task])
    assert run.events("response.delta")
    assert run.trace.finished is not None
    assert run.trace.finished.ended_by == "stop"


async def test_stopping_between_attempts_does_not_wait_for_the_next_one() -> None:
    run = ScriptedRun(script(fails("server"), says("late")))
    waiting = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    run.clock.sleep = sleep  # type: ignore[method-assign]
    task = asyncio.create_task(run.run())
    await waiting.wait()
    task.cancel()
    await asyncio.wait([task])
    assert run.trace.finished is not None
    assert run.trace.finished.outcome == "cancelled"


@pytest.mark.parametrize("steps", range(0, 60, 3))
async def test_every_call_is_settled_once_whenever_the_run_is_stopped(steps: int) -> None:
    run = mixed_run({"look": lambda _: "seen", "touch": Endless()})
    task = asyncio.create_task(run.run())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert_settled_once(run)


@given(steps=st.integers(0, 80), decision=st.sampled_from(["approve", "reject", "mock", "stop", "expire"]))
def test_no_interleaving_leaves_a_call_open_or_settles_it_twice(steps: int, decision: str) -> None:
    async def scenario() -> None:
        answer = Decision(decision, by="person")  # type: ignore[arg-type]
        run = mixed_run({"look": lambda _: "seen", "touch": lambda _: "felt"}, Answers(*[answer] * 4))
        task = asyncio.create_task(run.run())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert_settled_once(run)

    asyncio.run(scenario())


@given(cut=st.integers(0, 60))
def test_any_prefix_of_a_log_folds(cut: int) -> None:
    events = finished_log()[:cut]
    trace = fold(events)
    durable = [event.seq for event in events if is_durable(event)]
    assert trace.last_seq == (durable[-1] if durable else 0)


def test_dropping_deltas_does_not_change_the_trace() -> None:
    events = finished_log()
    whole, durable = fold(events), fold(event for event in events if is_durable(event))
    assert list(whole.calls()) == list(durable.calls())
    assert list(whole.rounds()) == list(durable.rounds())
    assert whole.finished == durable.finished


def test_a_log_survives_being_written_and_read() -> None:
    events = finished_log()
    assert [decode_event(encode_event(event)) for event in events] == events


def mixed_run(bodies: "dict[str, Body]", approver: "Answers | Patience | None" = None) -> ScriptedRun:
    return ScriptedRun(
        script(
            calls(call("look", at="a"), call("touch", at="b"), raw_call("look", "{"), call("nothing")),
            says("Now again.", calls=(call("touch", at="c"), call("look", at="d"))),
            says("Done."),
        ),
        tools=(LOOK, TOUCH),
        bodies=bodies,
        policy=POLICY,
        approver=approver or Patience(),
    )


def finished_log() -> list:  # type: ignore[type-arg]
    run = mixed_run({"look": lambda _: "seen", "touch": lambda _: "felt"}, Answers(*[Decision("approve", by="me")] * 4))
    asyncio.run(run.run())
    return list(run.log)


def assert_settled_once(run: ScriptedRun) -> None:
    proposed = [event.call_id for event in run.log if isinstance(event, ToolCallProposed)]
    settled = Counter(event.call_id for event in run.log if isinstance(event, ToolCallSettled))
    assert settled == Counter(proposed)
    if len(run.log):
        assert isinstance(list(run.log)[-1], RunFinished)
        assert [event.seq for event in run.log] == list(range(1, len(run.log) + 1))
