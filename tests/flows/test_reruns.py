"""Stored runs, run again over their own recording."""

import asyncio

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.replays import rerun_of, stored
from tests.support.runs import Answers, Patience, PushedClock, ScriptedRun
from tests.support.scripts import NUMBER, TEXT, call, calls, fails, raw_call, says, schema, script
from workbench.core.approval import ASK_ALL, Decision, Policy, Rule
from workbench.core.errors import ToolError, UsageError
from workbench.core.event import (
    RequestSent,
    RunEvent,
    RunStarted,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    is_durable,
    kind_of,
)
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.limit import RunLimits
from workbench.core.log import EventLog
from workbench.core.problem import Problem
from workbench.core.shared_text import SharedText
from workbench.core.tool import Tool
from workbench.core.tool_choice import REQUIRED, ToolChoicePlan
from workbench.engine.ask import Asker
from workbench.engine.loop import Loop
from workbench.engine.ports import ExecutionResult
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup
from workbench.providers.scripted import ScriptedAdapter

WEATHER = Tool.make("get_weather", "Weather of a city.", schema("city", city=TEXT))
ADD = Tool.make("add", "Add two numbers.", schema("a", "b", a=NUMBER, b=NUMBER))
TWO_CALLS = calls(call("get_weather", city="Oslo"), call("get_weather", city="Rome"))


def fails_to_look(arguments: JsonObject) -> JsonValue:
    raise ToolError("the weather service is down", kind="service", hint="Try later.")


async def test_a_rerun_of_a_run_with_tools_is_identical_and_runs_nothing() -> None:
    run = ScriptedRun(
        script(TWO_CALLS, calls(call("add", a=1, b=2)), says("Three.")),
        tools=(WEATHER, ADD),
        bodies={"get_weather": lambda arguments: {"celsius": 3}, "add": lambda arguments: 3},
    )
    await run.run()
    ran = list(run.bodies.ran)
    again = await rerun_of(run.log)
    assert again.divergence is None
    assert (again.rounds, again.calls) == (3, 3)
    assert run.bodies.ran == ran
    assert [kind_of(event) for event in again.events] == run.kinds


async def test_what_a_rerun_takes_from_the_recording_is_marked_replayed() -> None:
    run = ScriptedRun(
        script(TWO_CALLS, says("Done.")), tools=(WEATHER,), bodies={"get_weather": lambda arguments: "fine"}
    )
    await run.run()
    again = await rerun_of(run.log)
    settled = [event for event in again.events if isinstance(event, ToolCallSettled)]
    assert [(event.outcome, event.result_text) for event in settled] == [("replayed", "fine")] * 2


async def test_a_rerun_of_a_rerun_is_identical() -> None:
    run = ScriptedRun(
        script(TWO_CALLS, says("Done.")), tools=(WEATHER,), bodies={"get_weather": lambda arguments: "fine"}
    )
    await run.run()
    again = await rerun_of((await rerun_of(run.log)).events)
    assert again.is_identical


async def test_errors_invalid_calls_and_clipped_results_come_again_as_they_were() -> None:
    run = ScriptedRun(
        script(
            calls(
                call("get_weather", city="Oslo"),
                call("get_wether", city="Oslo"),
                raw_call("add", '{"a": 1'),
                call("add", a="one", b=2),
                call("add", a=1, b=2),
            ),
            says("Done."),
        ),
        tools=(WEATHER, ADD),
        bodies={
            "get_weather": fails_to_look,
            "add": lambda arguments: ExecutionResult("9" * 500, output="printed", is_error=True),
        },
        limits=RunLimits(result_chars=100),
    )
    await run.run()
    assert run.outcomes == ["error", "invalid", "invalid", "invalid", "error"]
    again = await rerun_of(run.log)
    assert again.divergence is None


async def test_failed_requests_are_tried_again_as_often_as_they_were() -> None:
    run = ScriptedRun(
        script(fails("rate_limit", retry_after_s=2.0), fails("server"), says("Here I am.")), tools=(WEATHER,)
    )
    await run.run()
    again = await rerun_of(run.log)
    assert again.divergence is None
    assert [kind_of(event) for event in again.events].count("request.failed") == 2


@pytest.mark.parametrize("kind", ["authentication", "server"])
async def test_a_run_that_the_provider_ended_ends_again(kind: str) -> None:
    run = ScriptedRun(script(fails(kind), fails(kind), fails(kind)), tools=(WEATHER,))  # type: ignore[arg-type]
    finished = await run.run()
    assert finished.ended_by == "provider"
    again = await rerun_of(run.log)
    assert again.divergence is None


async def test_decisions_of_every_kind_are_given_again_by_those_who_gave_them() -> None:
    run = ScriptedRun(
        script(
            calls(*(call("get_weather", city=city) for city in ("Oslo", "Rome", "Bern", "Kiel", "Lima"))), says("Done.")
        ),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: arguments["city"]},
        policy=ASK_ALL,
        limits=RunLimits(concurrency=1),
        approver=Answers(
            Decision("approve", by="person"),
            Decision("edit", by="person", arguments_json='{"city": "Roma"}'),
            Decision("reject", by="person", note="not today"),
            Decision("mock", by="person", result_text="mild"),
            Decision("expire", by="clock"),
        ),
    )
    await run.run()
    again = await rerun_of(run.log)
    assert again.divergence is None


async def test_equal_calls_that_were_decided_differently_are_decided_differently_again() -> None:
    same = call("get_weather", city="Oslo")
    run = ScriptedRun(
        script(calls(same, same), calls(same), says("Done.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: "fine"},
        policy=ASK_ALL,
        limits=RunLimits(concurrency=1),
        approver=Answers(
            Decision("reject", by="person"), Decision("approve", by="person"), Decision("mock", by="m", result_text="x")
        ),
    )
    await run.run()
    assert run.outcomes == ["rejected", "ok", "mocked"]
    assert (await rerun_of(run.log)).divergence is None


async def test_rules_speak_again_as_they_spoke() -> None:
    run = ScriptedRun(
        script(calls(call("get_weather", city="Oslo"), call("add", a=1, b=2)), says("Done.")),
        tools=(WEATHER, ADD),
        bodies={"get_weather": lambda arguments: "fine", "add": lambda arguments: 3},
        policy=Policy((Rule("add", "deny"), Rule("get_*", "allow", arguments={"city": "O*"}))),
    )
    await run.run()
    assert run.outcomes == ["ok", "rejected"]
    again = await rerun_of(run.log)
    assert again.divergence is None


async def test_a_result_a_person_gave_in_place_of_a_tool_is_given_again() -> None:
    run = ScriptedRun(
        script(calls(call("get_weather", city="Oslo")), says("Done.")),
        tools=(WEATHER,),
        approver=Answers(Decision("mock", by="person", result_text="snow")),
    )
    await run.run()
    assert (await rerun_of(run.log)).divergence is None


async def test_a_run_ended_by_a_rejection_ends_again_after_what_had_come_to_its_end() -> None:
    run = ScriptedRun(
        script(TWO_CALLS, says("Never said.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: "fine"},
        policy=Policy((Rule("*", "allow", arguments={"city": "Oslo"}),)),
        approver=Answers(Decision("stop", by="person", note="enough")),
    )
    finished = await run.run()
    assert finished.ended_by == "rejection"
    again = await rerun_of(run.log)
    assert again.divergence is None


async def test_a_run_stopped_during_a_call_is_stopped_there_again() -> None:
    started = asyncio.Event()

    async def look(arguments: JsonObject) -> JsonValue:
        if arguments["city"] == "Rome":
            started.set()
            await asyncio.Event().wait()
        return "fine"

    run = ScriptedRun(script(TWO_CALLS, says("Never said.")), tools=(WEATHER,), bodies={"get_weather": look})
    task = asyncio.create_task(run.run())
    await started.wait()
    for _ in range(20):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert run.outcomes == ["ok", "unknown"]
    again = await rerun_of(run.log)
    assert again.divergence is None


async def test_a_run_stopped_while_a_person_was_asked_is_stopped_there_again() -> None:
    patience = Patience()
    run = ScriptedRun(
        script(TWO_CALLS, says("Never said.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: "fine"},
        policy=Policy((Rule("*", "allow", arguments={"city": "Oslo"}),)),
        approver=patience,
    )
    task = asyncio.create_task(run.run())
    await patience.asked.wait()
    for _ in range(20):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert run.outcomes == ["ok", "cancelled"]
    assert (await rerun_of(run.log)).divergence is None


async def test_a_run_stopped_during_an_answer_is_stopped_there_again() -> None:
    run = ScriptedRun(script(says("A long answer.", delay_s=60.0)))
    sent = asyncio.Event()
    run.log.subscribe(lambda event: sent.set() if kind_of(event) == "request.sent" else None)
    task = asyncio.create_task(run.run())
    await sent.wait()
    task.cancel()
    await asyncio.wait([task])
    again = await rerun_of(run.log)
    assert again.divergence is None
    assert kind_of(again.events[-1]) == "run.finished"


@pytest.mark.parametrize("limits", [RunLimits(rounds=2), RunLimits(calls=3), RunLimits(seconds=0.05)])
async def test_limits_are_reached_again(limits: RunLimits) -> None:
    run = ScriptedRun(
        script(*(TWO_CALLS for _ in range(9))),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: "fine"},
        limits=limits,
    )
    finished = await run.run()
    assert finished.ended_by == "limit"
    again = await rerun_of(run.log)
    assert again.divergence is None


async def test_a_forced_tool_choice_is_forced_again() -> None:
    run = ScriptedRun(
        script(TWO_CALLS, says("Done.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: "fine"},
        tool_choice=ToolChoicePlan(REQUIRED),
    )
    await run.run()
    assert (await rerun_of(run.log)).divergence is None


def changed(events: tuple[RunEvent, ...], kind: type[RunEvent], **fields: object) -> tuple[RunEvent, ...]:
    return tuple(msgspec.structs.replace(event, **fields) if isinstance(event, kind) else event for event in events)


async def a_run() -> tuple[RunEvent, ...]:
    run = ScriptedRun(
        script(TWO_CALLS, says("Done.")), tools=(WEATHER,), bodies={"get_weather": lambda arguments: "fine"}
    )
    await run.run()
    return stored(run.log)


async def test_a_request_that_would_be_sent_otherwise_today_is_named_with_the_place() -> None:
    events = await a_run()
    again = await rerun_of(changed(events, RequestSent, body=SharedText('{"answer": 1, "model": "script"}')))
    assert again.divergence is not None
    assert again.divergence.place == "turn-1/round-1"
    failed = next(event for event in again.events if kind_of(event) == "request.failed")
    assert "/instructions is new" in failed.message  # type: ignore[union-attr]


async def test_a_check_that_comes_out_otherwise_today_is_named_with_its_call() -> None:
    problem = Problem("/city", "is not a city", "format")
    again = await rerun_of(changed(await a_run(), ToolCallChecked, problems=(problem,)))
    assert str(again.divergence) == (
        "turn-1/round-1/call-1: the check was [True, ['/city: is not a city']] and is [True, []]"
    )


async def test_a_call_that_was_shown_otherwise_is_not_approved_by_the_recording() -> None:
    run = ScriptedRun(
        script(calls(call("get_weather", city="Oslo")), says("Done.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: "fine"},
        policy=ASK_ALL,
        approver=Answers(Decision("approve", by="person")),
    )
    await run.run()
    events = changed(stored(run.log), ToolCallProposed, arguments_json='{"city": "Rome"}')
    again = await rerun_of(events)
    assert again.divergence is not None
    (settled,) = [event for event in again.events if isinstance(event, ToolCallSettled)]
    assert settled.outcome == "rejected"
    assert "holds no decision" in settled.result_text


async def test_what_a_run_was_made_with_is_on_record_to_the_last_setting() -> None:
    run = ScriptedRun(script(says("Done.")))
    setup = RunSetup(model="m", max_output_tokens=77, may_emulate=False, settings={"seed": 1}, policy=ASK_ALL)
    recorder = Recorder(RunId("run-1"), EventLog(), PushedClock())
    provider = ScriptedAdapter(script(says("Done.")))
    asker = Asker(setup, recorder, provider=provider, clock=recorder.clock)
    await Loop(setup, recorder, provider=provider, asker=asker, dispatcher=run.loop._dispatcher).run(())
    started = next(iter(recorder.log))
    assert isinstance(started, RunStarted)
    assert RunSetup.from_started(started, ASK_ALL) == setup


async def test_times_and_output_limits_do_not_count() -> None:
    events = tuple(msgspec.structs.replace(event, at=event.at * 2) for event in await a_run())
    assert (await rerun_of(events)).is_identical


async def test_a_truncated_recording_runs_as_far_as_it_goes() -> None:
    events = await a_run()
    for length in range(1, len(events) + 1):
        again = await rerun_of(events[:length])
        assert again.divergence is None, f"cut after {kind_of(events[length - 1])}: {again.divergence}"


@pytest.mark.parametrize("policy", [ASK_ALL, Policy((Rule("*", "allow"),))])
async def test_a_run_that_was_interrupted_anywhere_and_resumed_runs_again_to_the_same(policy: Policy) -> None:
    said = script(TWO_CALLS, calls(call("get_weather", city="Oslo")), says("Done."))

    def run_from(log: EventLog | None = None) -> ScriptedRun:
        approvals = Answers(*[Decision("approve", by="person")] * 9)
        bodies = {"get_weather": lambda arguments: "fine"}
        return ScriptedRun(said, tools=(WEATHER,), bodies=bodies, policy=policy, approver=approvals, log=log)

    whole = run_from()
    await whole.run()
    events = [event for event in stored(whole.log) if is_durable(event)]
    for length in range(2, len(events)):
        resumed = run_from(EventLog(events[:length]))
        await resumed.loop.run(())
        again = await rerun_of(resumed.log)
        assert again.divergence is None, f"resumed after {kind_of(events[length - 1])}: {again.divergence}"


@given(st.lists(st.lists(st.sampled_from(["Oslo", "Rome", "?"]), max_size=3), max_size=4), st.integers(0, 40))
async def test_any_prefix_of_a_recording_runs_again_to_the_same(rounds: list[list[str]], cut: int) -> None:
    async def look(arguments: JsonObject) -> JsonValue:
        if arguments["city"] == "?":
            raise ToolError("where?")
        await asyncio.sleep(0)
        return arguments["city"]

    answers = [calls(*(call("get_weather", city=city) for city in cities)) for cities in rounds if cities]
    run = ScriptedRun(script(*answers, says("Done.")), tools=(WEATHER,), bodies={"get_weather": look})
    await run.run()
    durable = [event for event in run.log if is_durable(event)]
    again = await rerun_of(durable[: max(1, len(durable) - cut)])
    assert again.divergence is None


async def test_a_log_without_its_beginning_is_refused_in_words() -> None:
    events = await a_run()
    with pytest.raises(UsageError, match="no beginning"):
        await rerun_of(events[1:])


async def test_a_run_of_a_newer_program_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="format 99"):
        await rerun_of(changed(await a_run(), RunStarted, format_version=99))
