"""Turns in which the model uses tools, from the first word to the answer."""

import asyncio
import json
from itertools import pairwise

from tests.support.runs import ScriptedRun
from tests.support.scripts import NUMBER, TEXT, call, calls, raw_call, says, schema, script
from workbench.core.conversation import conversation
from workbench.core.errors import ToolError
from workbench.core.event import RequestSent
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.limit import RunLimits
from workbench.core.message import ToolResultsMessage
from workbench.core.tool import Tool

WEATHER = Tool.make("get_weather", "Weather of a city.", schema("city", city=TEXT))
ADD = Tool.make("add", "Add two numbers.", schema("a", "b", a=NUMBER, b=NUMBER))


async def test_a_turn_tells_its_story_in_events() -> None:
    run = ScriptedRun(
        script(calls(call("get_weather", city="Oslo")), says("Cold.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: {"celsius": 3}},
    )
    finished = await run.run("How is Oslo?")
    assert run.kinds == [
        "run.started", "turn.started",
        "round.started", "request.sent", "response.received", "tool_call.proposed", "tool_call.checked",
        "approval.given", "tool.started", "tool_call.settled",
        "round.started", "request.sent", "response.received", "run.finished",
    ]  # fmt: skip
    assert (finished.outcome, finished.ended_by, finished.text) == ("answered", "answer", "Cold.")
    assert (finished.totals.rounds, finished.totals.calls) == (2, 1)


async def test_results_go_back_in_the_models_order_whatever_finishes_first() -> None:
    first_may_end = asyncio.Event()

    async def weather(arguments: JsonObject) -> JsonValue:
        if arguments["city"] == "Oslo":
            await first_may_end.wait()
        else:
            first_may_end.set()
        return arguments["city"]

    run = ScriptedRun(
        script(calls(call("get_weather", city="Oslo"), call("get_weather", city="Rome")), says("Done.")),
        tools=(WEATHER,),
        bodies={"get_weather": weather},
    )
    await run.run()
    assert [event.result_text for event in run.settled] == ["Rome", "Oslo"]
    results = next(message for message in conversation(run.log) if isinstance(message, ToolResultsMessage))
    assert [result.text for result in results.results] == ["Oslo", "Rome"]
    assert [result.wire_call_id for result in results.results] == ["scripted_1_1", "scripted_1_2"]


async def test_very_many_calls_begin_in_turns_so_that_others_go_on_meanwhile() -> None:
    run = ScriptedRun(
        script(calls(*(call("get_weather", city=f"Town {number}") for number in range(100))), says("Done.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: arguments["city"]},
        limits=RunLimits(calls=100),
    )
    begun_in_turn: list[int] = []

    async def look() -> None:
        while len(run.settled) < 100:
            begun_in_turn.append(run.kinds.count("tool_call.checked"))
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        group.create_task(look())
        group.create_task(run.run())
    steps = [after - before for before, after in pairwise(begun_in_turn)]
    assert 0 < max(steps) < 100 / 4
    results = next(message for message in conversation(run.log) if isinstance(message, ToolResultsMessage))
    assert [result.text for result in results.results] == [f"Town {number}" for number in range(100)]


async def test_no_more_calls_run_at_once_than_the_limit_says() -> None:
    running = most = 0

    async def weather(arguments: JsonObject) -> JsonValue:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(5):
            await asyncio.sleep(0)
        running -= 1
        return "fine"

    run = ScriptedRun(
        script(calls(*(call("get_weather", city=str(number)) for number in range(9))), says("Done.")),
        tools=(WEATHER,),
        bodies={"get_weather": weather},
        limits=RunLimits(concurrency=3),
    )
    await run.run()
    assert most == 3
    assert run.outcomes == ["ok"] * 9


async def test_falsy_results_are_results() -> None:
    values: list[JsonValue] = [0, "", [], False, None, {}]
    run = ScriptedRun(
        script(calls(*(call("get_weather", city=str(index)) for index in range(len(values)))), says("Done.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: values[int(str(arguments["city"]))]},
    )
    await run.run()
    by_call = {call.proposed.index: call for call in run.trace.calls()}
    texts = [by_call[index].settled.result_text for index in range(len(values))]  # type: ignore[union-attr]
    assert texts == ["0", "", "[]", "false", "null", "{}"]
    assert run.outcomes == ["ok"] * len(values)


async def test_an_unknown_tool_is_recorded_and_not_executed() -> None:
    run = ScriptedRun(
        script(calls(call("get_wether", city="Oslo"), call("get_weather", city="Oslo")), says("Done.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: "fine"},
    )
    await run.run()
    assert run.outcomes == ["invalid", "ok"]
    error = json.loads(run.settled[0].result_text)["error"]
    assert error["kind"] == "unknown_tool"
    assert "get_weather" in error["hint"]


async def test_malformed_arguments_give_an_error_result_and_siblings_still_run() -> None:
    run = ScriptedRun(
        script(
            calls(
                raw_call("get_weather", '{"city": "Os'),
                raw_call("get_weather", '{"city": "Oslo", "city": "Rome"}'),
                raw_call("get_weather", '["Oslo"]'),
                call("get_weather", city="Oslo"),
            ),
            says("Done."),
        ),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: "fine"},
    )
    await run.run()
    assert run.outcomes == ["invalid", "invalid", "invalid", "ok"]
    assert run.bodies.ran == [{"city": "Oslo"}]
    assert run.events("tool_call.proposed")[0].arguments_json == '{"city": "Os'  # type: ignore[union-attr]


async def test_arguments_that_do_not_fit_name_the_place_to_the_model() -> None:
    run = ScriptedRun(
        script(calls(call("add", a="one")), says("Done.")), tools=(ADD,), bodies={"add": lambda arguments: 0}
    )
    await run.run()
    error = json.loads(run.settled[0].result_text)["error"]
    assert run.outcomes == ["invalid"]
    assert {problem["path"] for problem in error["problems"]} == {"/", "/a"}
    assert run.bodies.ran == []


async def test_a_tool_that_raises_settles_its_own_call_only() -> None:
    def weather(arguments: JsonObject) -> JsonValue:
        if arguments["city"] == "Nowhere":
            raise ToolError("There is no such city.", kind="exception", output="looked everywhere")
        return "fine"

    run = ScriptedRun(
        script(calls(call("get_weather", city="Nowhere"), call("get_weather", city="Oslo")), says("Done.")),
        tools=(WEATHER,),
        bodies={"get_weather": weather},
    )
    await run.run()
    assert run.outcomes == ["error", "ok"]
    assert run.settled[0].output == "looked everywhere"
    assert "no such city" in run.settled[0].result_text


async def test_a_call_without_any_argument_text_means_no_arguments() -> None:
    now = Tool.make("now", "The time.")
    run = ScriptedRun(
        script(calls(raw_call("now", "")), says("Noon.")), tools=(now,), bodies={"now": lambda _: "12:00"}
    )
    await run.run()
    assert run.bodies.ran == [{}]


async def test_a_long_result_is_clipped_for_the_model_and_kept_whole_in_the_log() -> None:
    text = "a" * 400 + "b" * 400
    run = ScriptedRun(
        script(calls(call("get_weather", city="Oslo")), says("Done.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda _: text},
        limits=RunLimits(result_chars=300),
    )
    await run.run()
    settled = run.settled[0]
    assert settled.clipped_chars == 500
    assert settled.full_text == text
    assert settled.result_text.startswith("a" * 200)
    assert settled.result_text.endswith("b" * 100)


async def test_the_next_request_carries_the_results() -> None:
    run = ScriptedRun(
        script(calls(call("get_weather", city="Oslo")), says("Cold.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda _: "minus three"},
    )
    await run.run()
    second = [event for event in run.log if isinstance(event, RequestSent)][1]
    assert "minus three" in second.body_json


async def test_two_calls_with_one_wire_id_are_kept_apart() -> None:
    from workbench.providers.scripted import ScriptedCall

    twice = [ScriptedCall("get_weather", {"city": city}, id="call_0") for city in ("Oslo", "Rome")]
    run = ScriptedRun(
        script(calls(*twice), says("Done.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: arguments["city"]},
    )
    await run.run()
    assert len({call.call_id for call in run.trace.calls()}) == 2
    assert sorted(event.result_text for event in run.settled) == ["Oslo", "Rome"]


async def test_a_null_for_an_optional_parameter_means_it_was_left_out() -> None:
    tool = Tool.make("get_weather", "Weather of a city.", schema("city", city=TEXT, unit=TEXT))
    run = ScriptedRun(
        script(calls(raw_call("get_weather", '{"city":"Oslo","unit":null}')), says("Done.")),
        tools=(tool,),
        bodies={"get_weather": lambda _: "fine"},
    )
    await run.run()
    assert run.bodies.ran == [{"city": "Oslo"}]
    [only] = run.trace.calls()
    assert only.proposed.arguments_json == '{"city":"Oslo","unit":null}'
    assert only.arguments_json == '{"city":"Oslo"}'


async def test_a_schema_that_cannot_be_checked_is_blamed_and_not_the_arguments() -> None:
    broken = Tool.make("go", "Go.", {"type": "object", "properties": {"w": {"type": "string", "pattern": "("}}})
    run = ScriptedRun(
        script(calls(call("go", w="Oslo")), says("Then not.")), tools=(broken,), bodies={"go": lambda arguments: "gone"}
    )
    await run.run()
    assert run.outcomes == ["invalid"]
    assert run.settled[0].error_kind == "schema"
    assert "schema of the tool" in run.settled[0].result_text
    assert "'('" in run.settled[0].result_text
    assert "arguments" not in run.settled[0].result_text
