"""What a model chose: calls, words, or a call that was held back."""

from workbench.core.choice import WITHHELD, Choice, ChosenCall, choice_of
from workbench.core.content import TextPart, ToolCallPart
from workbench.core.exchange import ModelResponse
from workbench.core.selection import Expectation, ExpectedCall, mistakes
from workbench.core.tool import Tool, Toolset

HELD = {"tool": "look", "arguments_json": '{"at":"sky"}'}


def answer(*parts: TextPart | ToolCallPart, withheld: object = None) -> ModelResponse:
    return ModelResponse(parts, "answered", details={WITHHELD: withheld} if withheld is not None else {})  # type: ignore[dict-item]


def test_a_withheld_call_is_a_choice_of_its_own_and_names_the_call() -> None:
    choice = choice_of(answer(TextPart("Not sure."), withheld=[HELD]))
    assert (choice.kind, choice.calls, str(choice)) == ("withheld", (), 'withheld: look({"at":"sky"})')
    assert (choice.names, choice.tools) == (("withheld: look",), "withheld: look")
    assert choice.meaning not in {choice_of(answer(TextPart("Not sure."))).meaning, Choice("withheld").meaning}


def test_beside_calls_what_was_withheld_changes_no_choice() -> None:
    made = ToolCallPart("c", "touch", "{}")
    choice = choice_of(answer(made, withheld=[HELD]))
    assert (choice.kind, choice.names) == ("calls", ("touch",))
    assert choice.meaning == choice_of(answer(made)).meaning
    assert choice.withheld == (ChosenCall("look", '{"at":"sky"}'),)


def test_details_of_another_shape_withhold_nothing() -> None:
    for odd in ("look", {"tool": "look"}, [5, None], []):
        assert choice_of(answer(TextPart("Hm."), withheld=odd)).kind == "answer"


def test_a_renamed_tool_has_its_own_name_back_in_calls_and_in_what_was_withheld() -> None:
    choice = Choice("calls", (ChosenCall("tool_1", "{}"),), withheld=(ChosenCall("tool_1", "{}"),)).renamed(
        {"tool_1": "look"}
    )
    assert (choice.calls[0].tool, choice.withheld[0].tool) == ("look", "look")


def test_a_call_that_was_expected_and_withheld_was_missed_and_the_reason_is_said() -> None:
    tools = Toolset([Tool.make("look")])
    found = mistakes(Expectation((ExpectedCall("look"),)), choice_of(answer(withheld=[HELD])), tools)
    assert [str(each) for each in found] == [
        'missed call: look was not called (it was not sure enough and withheld look({"at":"sky"}))'
    ]
    assert mistakes(Expectation(), choice_of(answer(withheld=[HELD])), tools) == ()
