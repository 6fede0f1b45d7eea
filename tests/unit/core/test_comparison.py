"""Runs side by side."""

from tests.support.replays import ForkOfRun
from tests.support.runs import ScriptedRun
from tests.support.scripts import NUMBER, TEXT, call, calls, says, schema, script
from workbench.core.comparison import Comparison, compare
from workbench.core.tool import Tool
from workbench.providers.scripted import Script

WEATHER = Tool.make("get_weather", "Weather of a city.", schema("city", city=TEXT))
ADD = Tool.make("add", "Add two numbers.", schema("a", "b", a=NUMBER, b=NUMBER))
OSLO = call("get_weather", city="Oslo")
SUM = call("add", a=1, b=2)


async def a_run(said: Script, weather: str = "fine") -> ScriptedRun:
    run = ScriptedRun(said, tools=(WEATHER, ADD), bodies={"get_weather": lambda _: weather, "add": lambda _: 3})
    await run.run("Go.")
    return run


async def compared(*scripts: Script) -> Comparison:
    return compare([(await a_run(said)).trace for said in scripts])


def statuses(comparison: Comparison) -> list[tuple[list[str], list[list[str]]]]:
    return [
        ([cell.status for cell in row.cells], [[call.status for call in calls] for calls in row.calls])
        for row in comparison.rows
    ]


async def test_a_run_is_the_same_as_itself() -> None:
    said = script(calls(OSLO, SUM), says("Done."))
    comparison = await compared(said, said)
    assert comparison.is_same
    assert statuses(comparison) == [
        (["base", "same"], [["base", "same"], ["base", "same"]]),
        (["base", "same"], []),
    ]


async def test_changed_arguments_are_told_by_what_they_mean() -> None:
    comparison = await compared(script(calls(SUM), says("3")), script(calls(call("add", b=2.0, a=2)), says("3")))
    assert statuses(comparison) == [
        (["base", "changed"], [["base", "arguments changed"]]),
        (["base", "same"], []),
    ]
    (difference,) = comparison.rows[0].calls[0][1].differences
    assert (difference.kind, difference.path, difference.old, difference.new) == ("changed", "/a", 1, 2)


async def test_another_tool_an_extra_call_and_a_missing_one_are_told_apart() -> None:
    comparison = await compared(script(calls(OSLO), says("x")), script(calls(SUM), says("x")))
    assert statuses(comparison)[0] == (["base", "changed"], [["base", "tool changed"]])
    comparison = await compared(script(calls(OSLO), says("x")), script(calls(OSLO, SUM), says("x")))
    assert statuses(comparison)[0] == (["base", "changed"], [["base", "same"], ["base", "extra"]])
    comparison = await compared(script(calls(OSLO, SUM), says("x")), script(calls(SUM), says("x")))
    assert statuses(comparison)[0] == (["base", "changed"], [["base", "missing"], ["base", "same"]])


async def test_an_extra_round_leaves_the_others_beside_each_other() -> None:
    comparison = await compared(
        script(calls(OSLO), says("x")), script(calls(SUM), calls(OSLO), says("x")), script(says("x"))
    )
    assert statuses(comparison) == [
        (["base", "extra", "same"], [["base", "extra", "same"]]),
        (["base", "same", "missing"], [["base", "same", "missing"]]),
        (["base", "same", "same"], []),
    ]
    assert [row.is_same for row in comparison.rows] == [False, False, True]


async def test_another_answer_changes_its_round_and_another_result_does_not() -> None:
    comparison = await compared(script(says("Yes.")), script(says("No.")))
    assert statuses(comparison) == [(["base", "changed"], [])]
    said = script(calls(OSLO), says("x"))
    comparison = compare([(await a_run(said)).trace, (await a_run(said, weather="storm")).trace])
    cell = comparison.rows[0].calls[0][1]
    assert (cell.status, cell.is_result_changed, cell.result_text) == ("same", True, "storm")


async def test_a_fork_is_held_against_its_parent_and_its_inherited_rounds_are_marked() -> None:
    run = await a_run(script(calls(OSLO), calls(SUM), says("Three.")))
    fork = ForkOfRun(run.log, "round-2", script(says("1"), says("No sum.")))
    await fork.run()
    comparison = compare([run.trace, fork.trace])
    assert [row.cells[1].is_inherited for row in comparison.rows] == [True, False, False]
    assert [row.cells[1].status for row in comparison.rows][:1] == ["same"]
    total = comparison.runs[1]
    assert (total.parent_run, total.rounds, total.inherited_rounds) == ("run-1", 2, 1)


async def test_a_run_that_was_interrupted_is_compared_as_far_as_it_goes() -> None:
    said = script(calls(OSLO), says("x"))
    run = await a_run(said)
    cut = ScriptedRun(said, log=None)
    for event in list(run.log)[:4]:
        cut.log.append(event)
    comparison = compare([run.trace, cut.trace])
    assert comparison.runs[1].outcome == "interrupted"
    assert not comparison.is_same
