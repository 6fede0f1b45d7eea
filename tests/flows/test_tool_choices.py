"""The tool choice of each request: what is sent, and what is emulated aloud."""

import pytest

from tests.support.runs import ScriptedRun
from tests.support.scripts import call, calls, says, script
from workbench.core.event import RequestSent
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import AUTO, NONE, REQUIRED, ChoiceSupport, ToolChoice, ToolChoicePlan, resolve_choice
from workbench.providers.scripted import ScriptedAdapter

A, B, C = (Tool.make(name, name) for name in "abc")
TOOLS = Toolset([A, B, C])
NOTHING_FORCED = ChoiceSupport(required=False, named=False, subset=False, none=False, why="This model refuses.")


def choices_sent(run: ScriptedRun) -> list[str]:
    return [str(event.tool_choice) for event in run.log if isinstance(event, RequestSent)]


async def test_a_forced_first_round_is_followed_by_auto() -> None:
    run = ScriptedRun(
        script(calls(call("a")), says("Done.")),
        tools=(A, B),
        bodies={"a": lambda _: 1},
        tool_choice=ToolChoicePlan(ToolChoice("required", ("a",))),
    )
    await run.run()
    assert choices_sent(run) == ["a", "auto"]


async def test_the_choice_for_later_rounds_can_be_given() -> None:
    run = ScriptedRun(
        script(calls(call("a")), says("Done.")),
        tools=(A, B),
        bodies={"a": lambda _: 1},
        tool_choice=ToolChoicePlan(REQUIRED, NONE),
    )
    await run.run()
    assert choices_sent(run) == ["required", "none"]


async def test_a_choice_of_a_tool_that_is_not_offered_ends_the_run_before_anything_is_sent() -> None:
    run = ScriptedRun(script(says("never")), tools=(A,), tool_choice=ToolChoicePlan(ToolChoice("required", ("zz",))))
    finished = await run.run()
    assert finished.outcome == "failed"
    assert "zz" in finished.message
    assert choices_sent(run) == []


async def test_an_emulation_is_written_into_the_request_event() -> None:
    class Stubborn(ScriptedAdapter):
        def choice_support(self, model: str) -> ChoiceSupport:
            return NOTHING_FORCED

    answers = script(calls(call("a")), says("Done."))
    run = ScriptedRun(
        answers,
        tools=(A, B),
        bodies={"a": lambda _: 1},
        provider=Stubborn(answers),
        tool_choice=ToolChoicePlan(ToolChoice("required", ("a",))),
    )
    await run.run()
    first = next(event for event in run.log if isinstance(event, RequestSent))
    assert first.offered == ("a",)
    assert "This model refuses." in first.emulation
    assert "a" in first.instruction


async def test_calls_beyond_the_first_wait_when_only_one_at_a_time_is_wanted_and_the_wire_cannot_say_so() -> None:
    class Eager(ScriptedAdapter):
        def choice_support(self, model: str) -> ChoiceSupport:
            return ChoiceSupport(parallel_off=False)

    answers = script(calls(call("a"), call("b")), says("Done."))
    run = ScriptedRun(
        answers,
        tools=(A, B),
        bodies={"a": lambda _: 1, "b": lambda _: 2},
        provider=Eager(answers),
        parallel_calls=False,
    )
    await run.run()
    assert run.outcomes == ["ok", "cancelled"]
    assert "One call at a time" in run.settled[0].result_text or "One call at a time" in run.settled[1].result_text


@pytest.mark.parametrize(
    "choice", [AUTO, NONE, REQUIRED, ToolChoice("required", ("b",)), ToolChoice("auto", ("a", "c"))]
)
def test_a_wire_that_accepts_everything_gets_the_choice_as_it_is(choice: ToolChoice) -> None:
    resolved = resolve_choice(choice, TOOLS, ChoiceSupport())
    assert (resolved.choice, resolved.offered, resolved.emulation) == (choice, ("a", "b", "c"), "")


def test_several_tools_of_which_one_may_be_called_can_be_what_alone_is_emulated() -> None:
    support = ChoiceSupport(auto_subset=False)
    assert resolve_choice(ToolChoice("required", ("a", "c")), TOOLS, support).emulation == ""
    some = resolve_choice(ToolChoice("auto", ("a", "c")), TOOLS, support)
    assert (some.choice, some.offered, bool(some.emulation)) == (AUTO, ("a", "c"), True)


@pytest.mark.parametrize(
    ("choice", "offered"),
    [
        (NONE, ()),
        (REQUIRED, ("a", "b", "c")),
        (ToolChoice("required", ("b",)), ("b",)),
        (ToolChoice("auto", ("a", "c")), ("a", "c")),
    ],
)
def test_a_wire_that_refuses_gets_fewer_tools_and_the_user_a_word_about_it(
    choice: ToolChoice, offered: tuple[str, ...]
) -> None:
    resolved = resolve_choice(choice, TOOLS, NOTHING_FORCED)
    assert resolved.choice == AUTO
    assert resolved.offered == offered
    assert resolved.emulation
