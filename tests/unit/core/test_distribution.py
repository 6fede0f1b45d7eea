"""How often each choice was made."""

from workbench.core.choice import Choice, ChosenCall, choice_of
from workbench.core.content import TextPart, ToolCallPart
from workbench.core.distribution import distribution, effect
from workbench.core.exchange import ModelResponse
from workbench.core.interval import Interval


def calls(*texts: str) -> Choice:
    return Choice("calls", tuple(ChosenCall("look", text) for text in texts))


ANSWER = Choice("answer", text="Hello.")


def test_equal_calls_are_stacked_whatever_their_spelling() -> None:
    found = distribution([calls('{"a":1,"b":2}'), ANSWER, calls('{ "b": 2, "a": 1 }'), None])
    assert [(str(stack.choice), stack.count, stack.numbers) for stack in found.stacks] == [
        ('look({"a":1,"b":2})', 2, (1, 3)),
        ("answer", 1, (2,)),
    ]
    assert (found.trials, found.failures) == (3, 1)
    assert sum(stack.share for stack in found.stacks) == 1.0


def test_malformed_arguments_are_stacked_by_their_text() -> None:
    found = distribution([calls('{"a":'), calls('{"a":'), calls('{"a": ')])
    assert [stack.count for stack in found.stacks] == [2, 1]


def test_choices_can_be_stacked_by_their_tools_alone() -> None:
    found = distribution([calls('{"a":1}'), calls('{"a":2}'), calls("{}", "{}")], by=lambda choice: choice.tools)
    assert [(stack.choice.tools, stack.count) for stack in found.stacks] == [("look", 2), ("look + look", 1)]


def test_it_says_how_many_more_samples_would_settle_it() -> None:
    assert distribution([]).trials_needed is None
    assert not distribution([ANSWER] * 3).is_settled
    assert distribution([ANSWER] * 3).trials_needed == 4
    assert distribution([ANSWER] * 4).is_settled
    assert distribution([ANSWER, calls("{}")]).trials_needed is None


def test_one_sample_of_a_model_that_always_answers_the_same_says_all() -> None:
    once = distribution([ANSWER], is_exact=True)
    assert (once.is_settled, once.trials_needed, once.stacks[0].interval) == (True, 1, Interval(1.0, 1.0))
    other = effect(once, distribution([calls("{}")], is_exact=True), lambda choice: choice.kind == "calls")
    assert (other.change, other.is_clear, other.is_exact, other.interval) == (1.0, True, True, Interval(1.0, 1.0))
    same = effect(once, once, lambda choice: choice.kind == "calls")
    assert (same.change, same.is_clear, same.interval) == (0.0, False, Interval(0.0, 0.0))
    assert not effect(once, distribution([calls("{}")] * 9), lambda choice: choice.kind == "calls").is_exact


def test_what_answered_differently_is_not_exact_whatever_was_said() -> None:
    assert not distribution([ANSWER, calls("{}")], is_exact=True).is_exact


def test_an_effect_is_clear_when_chance_would_hardly_explain_it() -> None:
    def is_call(choice: Choice) -> bool:
        return choice.kind == "calls"

    before = distribution([calls("{}")] * 2 + [ANSWER] * 18)
    after = distribution([calls("{}")] * 17 + [ANSWER] * 3)
    found = effect(before, after, is_call)
    assert (found.before, found.after, found.is_clear) == (0.1, 0.85, True)
    assert not effect(before, before, is_call).is_clear
    assert not effect(distribution([]), after, is_call).is_clear


def test_a_response_stands_for_its_calls_and_an_unfinished_one_for_none() -> None:
    call = ToolCallPart("1", "look", "{}")
    assert choice_of(ModelResponse((TextPart("Hm."), call), "tool_calls")).calls == (ChosenCall("look", "{}"),)
    assert choice_of(ModelResponse((call,), "length")) == Choice("cut off")
    assert choice_of(ModelResponse((), "refused")).kind == "refused"
    assert choice_of(ModelResponse((TextPart("Which city?"),), "answered")).asks_back
