"""Marks: what would have been right at a decision, and how it is said."""

import msgspec

from workbench.core.choice import Choice, ChosenCall
from workbench.core.ids import RunId
from workbench.core.mark import Mark, expectation_of
from workbench.core.selection import ExpectedCall, mistakes
from workbench.core.tool import Tool, Toolset

CHOSEN = Choice("calls", (ChosenCall("touch", '{"mark":"gate"}'), ChosenCall("look", "{}")))
TOOLS = Toolset([Tool.make("touch"), Tool.make("look"), Tool.make("wait")])


def a_mark(call: int, expected: ExpectedCall | None, chosen: Choice | None = CHOSEN) -> Mark:
    return Mark(
        mark_id="m", at=1.0, run_id=RunId("r"), point="turn-1/round-1", chosen=chosen, call=call, expected=expected
    )


def test_a_mark_on_one_call_expects_the_others_as_they_were() -> None:
    mark = a_mark(1, ExpectedCall("wait"))
    assert [call.tool for call in mark.expectation.calls] == ["wait", "look"]
    found = mistakes(mark.expectation, CHOSEN, TOOLS)
    assert [each.kind for each in found] == ["wrong tool"]
    assert mark.span == "turn-1/round-1/call-1"


def test_a_mark_that_expects_no_call_makes_just_that_call_needless() -> None:
    found = mistakes(a_mark(2, None).expectation, CHOSEN, TOOLS)
    assert [(each.kind, each.call) for each in found] == [("needless call", 1)]


def test_a_mark_on_a_whole_decision_expects_one_call_or_none() -> None:
    assert expectation_of(CHOSEN, 0, None).calls == ()
    answer = Choice("answer", text="It is closed.")
    assert [each.kind for each in mistakes(a_mark(0, ExpectedCall("look"), answer).expectation, answer, TOOLS)] == [
        "missed call"
    ]


def test_a_mark_says_what_was_expected_and_what_was_chosen() -> None:
    mark = a_mark(1, ExpectedCall("look", {"at": "gate"}))
    assert mark.words == 'look({"at":"gate"}) was expected, touch was chosen'
    assert a_mark(0, None).words == "no call was expected, touch + look was chosen"
    assert a_mark(0, ExpectedCall("look"), None).words == "look was expected, nothing was chosen"


def test_a_mark_comes_back_as_it_was_written() -> None:
    mark = a_mark(1, ExpectedCall("look", {"at": "gate"}, exactly=True))
    assert msgspec.json.decode(msgspec.json.encode(mark), type=Mark) == mark
