"""Recorded calls judged against other tools."""

from tests.support.runs import DirectChecker, ScriptedRun
from tests.support.scripts import NUMBER, TEXT, call, calls, raw_call, says, schema, script
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.problem import Problem
from workbench.core.tool import Tool, Toolset
from workbench.replay.recorded_call import judge
from workbench.replay.recording import Recording

WEATHER = Tool.make("get_weather", "", schema("city", city=TEXT))


async def recorded() -> Recording:
    run = ScriptedRun(
        script(
            calls(
                call("get_weather", city="Oslo"),
                call("get_weather", city="O"),
                call("get_wether", city="Oslo"),
                raw_call("get_weather", '{"city"'),
                call("get_weather", city=1),
            ),
            says("Done."),
        ),
        tools=(WEATHER,),
        bodies={"get_weather": lambda _: "fine"},
    )
    await run.run()
    return Recording(tuple(run.log))


async def report(*tools: Tool, **renames: str) -> list[tuple[str, str]]:
    calls = (await recorded()).calls.values()
    found = await judge(calls, Toolset(list(tools)), DirectChecker(), renames=renames)
    return [(checked.then, checked.now) for checked in found]


async def test_unchanged_tools_change_no_verdict() -> None:
    assert await report(WEATHER) == [("valid", "valid")] * 2 + [("invalid", "invalid")] * 3


async def test_a_narrower_schema_makes_calls_invalid_and_a_wider_one_valid() -> None:
    narrow = Tool.make("get_weather", "", schema("city", city={"type": "string", "minLength": 2}))
    assert (await report(narrow))[:2] == [("valid", "valid"), ("valid", "invalid")]
    wide = Tool.make("get_weather", "", schema(city={}))
    assert (await report(wide))[4] == ("invalid", "valid")


async def test_a_tool_that_is_gone_makes_its_calls_invalid_and_a_renamed_one_does_not() -> None:
    other = Tool.make("weather", "", schema("city", city=TEXT))
    assert (await report(other))[0] == ("valid", "invalid")
    assert (await report(other, get_weather="weather"))[0] == ("valid", "valid")
    assert (await report(Tool.make("get_wether", "", schema("city", city=TEXT))))[2] == ("invalid", "valid")


async def test_a_schema_that_cannot_be_judged_leaves_us_unsure() -> None:
    class Refusing:
        async def check(self, schema: JsonObject, arguments: JsonValue) -> tuple[Problem, ...]:
            return (Problem("", "schema refused: it takes too long", "schema"),)

    found = await judge((await recorded()).calls.values(), Toolset([WEATHER]), Refusing())
    assert [checked.now for checked in found] == ["unsure", "unsure", "invalid", "invalid", "unsure"]
    assert found[0].why == "schema refused: it takes too long"
    assert [checked.is_changed for checked in found] == [True, True, False, False, True]


async def test_why_a_call_is_invalid_is_said_with_its_place() -> None:
    number = Tool.make("get_weather", "", schema("city", city=NUMBER))
    (first, *_) = await judge((await recorded()).calls.values(), Toolset([number]), DirectChecker())
    assert first.why == '/city: "Oslo" is not of type number'
