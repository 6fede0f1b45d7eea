"""Grading looks at the path, and says in one word what went wrong."""

import pytest

from workbench.core.choice import Choice, ChosenCall
from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.suite.case_line import read_case
from workbench.core.suite.grade import Grade, Rules, grade
from workbench.core.suite.path import TurnPath
from workbench.core.tool import Tool, Toolset

ORDER: JsonObject = {"type": "object", "properties": {"order_id": {"type": "string"}}, "required": ["order_id"]}
READ: JsonObject = {"readOnlyHint": True}
RULES = Rules(
    Toolset(
        [
            Tool.make("track_order", input_schema=ORDER, annotations=READ),
            Tool.make("get_order", input_schema=ORDER, annotations=READ),
            Tool.make("cancel_order", input_schema=ORDER),
            Tool.make("refund", input_schema=ORDER),
        ]
    )
)
NOTHING = Choice("answer", text="Done.")


def call(tool: str, **arguments: JsonValue) -> Choice:
    return Choice("calls", (ChosenCall(tool, compact(dict(arguments))),))


def both(*choices: Choice) -> Choice:
    return Choice("calls", tuple(call for choice in choices for call in choice.calls))


def graded(expected: JsonValue, *choices: Choice, is_cut: bool = False, **beside: JsonValue) -> Grade:
    case = read_case({"id": "c", "request": "Go.", "expected": expected, **beside})
    return grade(case, (TurnPath(choices, is_cut),), RULES, lambda schema, value: True)


def summary(found: Grade) -> tuple[bool, str, str]:
    return found.is_right, found.chosen, found.kind


A = {"order_id": "A-1"}


def test_the_expected_call_is_right_and_direct() -> None:
    found = graded("track_order", call("track_order", **A), NOTHING)
    assert (found.is_right, found.is_direct, found.extra_calls, found.reads) == (True, True, 0, ())


def test_a_tool_reached_after_harmless_reads_counts_as_reached_and_the_reads_are_counted() -> None:
    found = graded("cancel_order", call("get_order", **A), call("track_order", **A), call("cancel_order", **A), NOTHING)
    assert found.is_right
    assert not found.is_direct
    assert found.extra_calls == 2
    assert found.reads == ("get_order", "track_order")


def test_reads_after_the_expected_call_do_no_harm() -> None:
    found = graded("track_order", call("track_order", **A), call("get_order", **A), NOTHING)
    assert (found.is_right, found.is_direct, found.extra_calls) == (True, True, 1)


def test_a_call_that_changes_something_is_wrong_wherever_it_stands() -> None:
    before = graded("track_order", call("cancel_order", **A), call("track_order", **A), NOTHING)
    after = graded("track_order", call("track_order", **A), call("cancel_order", **A), NOTHING)
    instead = graded("track_order", call("cancel_order", **A), NOTHING)
    assert summary(before) == (False, "cancel_order", "needless call")
    assert summary(after) == (False, "cancel_order", "needless call")
    assert summary(instead) == (False, "cancel_order", "wrong tool")


def test_only_harmless_reads_are_another_tool_and_not_nothing() -> None:
    assert summary(graded("track_order", call("get_order", **A), NOTHING)) == (False, "get_order", "wrong tool")
    cut = graded("cancel_order", *[call("get_order", **A)] * 8, is_cut=True)
    assert summary(cut) == (False, "get_order", "limit")


def test_calls_that_were_not_made_have_kinds_of_their_own() -> None:
    withheld = Choice("withheld", withheld=(ChosenCall("track_order", "{}"),))
    assert summary(graded("track_order", NOTHING)) == (False, "no call", "missed call")
    asked = Choice("answer", text="Which order?")
    assert summary(graded("track_order", asked)) == (False, "asked back", "asked instead of called")
    assert summary(graded("track_order", withheld)) == (False, "withheld", "withheld")
    assert summary(graded("teleport", NOTHING)) == (False, "not offered", "not offered")
    assert summary(graded("track_order", call("fly"))) == (False, "unknown: fly", "unknown tool")
    assert summary(graded("track_order", Choice("refused"))) == (False, "refused", "missed call")


def test_no_call_means_none_not_even_a_harmless_one() -> None:
    assert summary(graded(None, NOTHING)) == (True, "no call", "")
    assert summary(graded(None, call("get_order", **A), NOTHING)) == (False, "get_order", "needless call")
    withheld = Choice("withheld", withheld=(ChosenCall("track_order", "{}"),))
    assert graded(None, withheld).is_right


def test_asking_back_is_right_where_it_is_expected_also_after_looking() -> None:
    asked = Choice("answer", text="Which order do you mean?")
    assert graded({"asks_back": True}, asked).is_right
    assert graded({"asks_back": True}, call("get_order", **A), asked).is_right
    assert summary(graded({"asks_back": True}, NOTHING)) == (False, "no call", "answered instead of asking")
    assert summary(graded({"asks_back": True}, call("refund", **A), asked)) == (False, "refund", "needless call")


def test_tools_that_are_as_good_are_right() -> None:
    found = graded("track_order", call("get_order", **A), NOTHING, also_ok=["get_order"], arguments={"order_id": "A-2"})
    assert (found.is_right, found.is_direct, found.has_right_arguments) == (True, True, None)


def test_a_tool_that_must_not_be_called_is_wrong_even_when_it_is_harmless() -> None:
    found = graded("track_order", call("get_order", **A), call("track_order", **A), never=["get_order"])
    assert summary(found) == (False, "get_order", "needless call")


def test_several_calls_come_in_any_order_unless_it_is_fixed() -> None:
    one, other = call("refund", **A), call("cancel_order", **A)
    assert graded(["cancel_order", "refund"], both(one, other)).is_right
    assert graded({"calls": ["cancel_order", "refund"], "in_order": True}, other, one).is_right
    wrong = graded({"calls": ["cancel_order", "refund"], "in_order": True}, one, other)
    assert (wrong.is_right, wrong.kind) == (False, "wrong order")
    half = graded(["cancel_order", "refund"], other, NOTHING)
    assert summary(half) == (False, "cancel_order", "missed call")


def test_counts_are_kept_between_their_limits() -> None:
    wanted = {"tool": "refund", "at_least": 1, "at_most": 2}
    assert graded(wanted, call("refund", **A)).is_right
    assert graded(wanted, call("refund", **A), call("refund", order_id="A-2")).is_right
    third = graded(wanted, call("refund", **A), call("refund", order_id="A-2"), call("refund", order_id="A-3"))
    assert (third.is_right, third.kind) == (False, "wrong count")
    twice = graded({"tool": "refund", "at_least": 2}, call("refund", **A), NOTHING)
    assert (twice.is_right, twice.kind) == (False, "wrong count")
    assert graded({"tool": "refund", "at_least": 0}, NOTHING).is_right


def test_repeating_what_changes_something_is_wrong_and_repeating_a_read_is_extra() -> None:
    assert graded("refund", call("refund", **A), call("refund", **A)).kind == "repeated call"
    found = graded("track_order", call("track_order", **A), call("track_order", **A))
    assert (found.is_right, found.extra_calls) == (True, 1)


def test_arguments_are_judged_apart_from_the_tool() -> None:
    right = graded("refund", call("refund", **A), arguments=A)
    wrong = graded("refund", call("refund", order_id="A-2"), arguments=A)
    assert (right.is_right, right.has_right_arguments) == (True, True)
    assert (wrong.is_right, wrong.has_right_arguments) == (True, False)
    assert wrong.mistakes[0].path == "/order_id"
    assert graded("refund", call("refund", **A)).has_right_arguments is None
    broken = graded("refund", Choice("calls", (ChosenCall("refund", "{"),)), arguments=A)
    assert (broken.has_right_arguments, broken.fits_schemas) == (False, False)


def test_schemas_are_judged_on_every_call_of_the_path() -> None:
    assert not graded("cancel_order", call("get_order"), call("cancel_order", **A)).fits_schemas
    assert graded("cancel_order", call("get_order", **A), call("cancel_order", **A)).fits_schemas


def test_every_turn_has_to_be_right_and_the_first_wrong_one_names_the_mistake() -> None:
    case = read_case(
        {
            "id": "c",
            "turns": [{"request": "Where?", "expected": "track_order"}, {"request": "Thanks.", "expected": None}],
        }
    )
    good, bad = TurnPath((call("track_order", **A), NOTHING)), TurnPath((call("refund", **A), NOTHING))
    fits = lambda schema, value: True  # noqa: E731
    assert grade(case, (good, TurnPath((NOTHING,))), RULES, fits).is_right
    assert summary(grade(case, (good, bad), RULES, fits)) == (False, "refund", "needless call")
    assert summary(grade(case, (good,), RULES, fits)) == (False, "turn not reached", "turn not reached")
    assert [grade(case, turns, RULES, fits).turn for turns in ((good, bad), (bad, bad), (good,))] == [2, 1, 2]


def test_what_a_router_left_out_of_this_turn_was_not_offered() -> None:
    case = read_case({"id": "c", "turns": [{"request": each, "expected": "refund"} for each in ("Go.", "Again.")]})
    paths = (TurnPath((call("refund", **A),), routed={"refund"}), TurnPath((NOTHING,), routed={"get_order"}))
    found = grade(case, paths, RULES, lambda schema, value: True)
    assert (*summary(found), found.turn) == (False, "not offered", "not offered", 2)


def test_a_case_cannot_expect_the_impossible() -> None:
    with pytest.raises(ProjectError, match="impossible"):
        read_case({"id": "c", "request": "Go.", "expected": {"tool": "refund", "at_least": 3, "at_most": 2}})
