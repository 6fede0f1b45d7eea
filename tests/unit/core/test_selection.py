"""Kinds of mis-selection."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.scripts import NUMBER, TEXT, schema
from workbench.core.choice import Choice, ChosenCall
from workbench.core.json_text import JsonObject, compact
from workbench.core.selection import Expectation, ExpectedCall, Mistake, MistakeKind, mistakes
from workbench.core.tool import Tool, Toolset

USER = Tool.make("lookup_user", "", schema("email", email=TEXT))
PROFILE = Tool.make("get_user_profile", "", schema("id", id=NUMBER, kind={"enum": ["short", "long"]}))
OPEN = Tool.make("note", "", {"type": "object", "properties": {"text": TEXT}, "additionalProperties": True})
TOOLS = Toolset([USER, PROFILE, OPEN])


def called(*calls: tuple[str, JsonObject | str]) -> Choice:
    texts = [(tool, given if isinstance(given, str) else compact(given)) for tool, given in calls]
    return Choice("calls", tuple(ChosenCall(*text) for text in texts))


def wanted(*calls: tuple[str, JsonObject | None], in_order: bool = False, exactly: bool = False) -> Expectation:
    return Expectation(tuple(ExpectedCall(tool, given, exactly) for tool, given in calls), in_order)


ANA: tuple[str, JsonObject] = ("lookup_user", {"email": "ana@x.org"})
ONE: tuple[str, JsonObject] = ("get_user_profile", {"id": 1})
CASES = [
    (wanted(ANA), called(ANA), []),
    (wanted(), Choice("answer", text="Hello."), []),
    (wanted(("lookup_user", None)), called(ANA), []),
    (wanted(ANA, ONE), called(ONE, ANA), []),
    (wanted(("get_user_profile", {"id": 1})), called(("get_user_profile", '{"id": 1.0, "kind": "long"}')), []),
    (wanted(ANA), called(ONE), ["wrong tool: get_user_profile instead of lookup_user"]),
    (wanted(ANA, ONE), called(ANA), ["missed call: get_user_profile was not called"]),
    (wanted(ANA), Choice("answer", text="I do not know."), ["missed call: lookup_user was not called"]),
    (wanted(ANA), Choice("refused"), ["missed call: lookup_user was not called (the answer was refused)"]),
    (
        wanted(ANA),
        Choice("answer", text="Which e-mail? "),
        ["asked instead of called: lookup_user was expected, but a question was asked"],
    ),
    (wanted(), called(ANA), ['needless call: lookup_user({"email":"ana@x.org"}) was not expected']),
    (wanted(ANA), called(("find_user", {})), ["unknown tool: find_user does not exist; lookup_user was expected"]),
    (wanted(), called(("find_user", {})), ["unknown tool: find_user does not exist"]),
    (wanted(ANA, ANA), called(ANA), ["wrong count: lookup_user was called too few times"]),
    (
        wanted(ANA),
        called(ANA, ("lookup_user", {"email": "b@x.org"})),
        ['wrong count: lookup_user({"email":"b@x.org"}) is one call of lookup_user too many'],
    ),
    (
        wanted(ANA),
        called(ANA, ("lookup_user", '{ "email": "ana@x.org" }')),
        ['repeated call: lookup_user({"email":"ana@x.org"}) was already made'],
    ),
    (
        wanted(ANA, ONE, in_order=True),
        called(ONE, ANA),
        ["wrong order: lookup_user, then get_user_profile was expected"],
    ),
    (wanted(ANA), called(("lookup_user", {})), ["missing required: lookup_user: email is required"]),
    (
        wanted(ANA),
        called(("lookup_user", {**ANA[1], "phone": "1"})),
        ["unexpected parameter: lookup_user: the tool has no parameter phone"],
    ),
    (
        wanted(ONE, exactly=True),
        called(("get_user_profile", {"id": 1, "kind": "long"})),
        ['unexpected parameter: get_user_profile: "long" was not expected'],
    ),
    (
        wanted(("get_user_profile", None)),
        called(("get_user_profile", {"id": "one"})),
        ['wrong type: get_user_profile: "one" is not of type number'],
    ),
    (
        wanted(ONE),
        called(("get_user_profile", {"id": 2})),
        ["wrong value: get_user_profile: 2 instead of 1"],
    ),
    (
        wanted(("get_user_profile", None)),
        called(("get_user_profile", {"id": 1, "kind": "tiny"})),
        ['wrong value: get_user_profile: "tiny" is not one of the allowed values'],
    ),
    (
        wanted(("get_user_profile", {"id": 1, "kind": "long"})),
        called(ONE),
        ['wrong value: get_user_profile: "long" was expected'],
    ),
    (wanted(("note", {"text": "a"})), called(("note", {"text": "a", "by": "b"})), []),
    (wanted(("note", {"more": {"a": [1, 2]}})), called(("note", {"more": {"a": [1, "2"]}})), ["wrong type: note"]),
    (
        wanted(ANA),
        called(("lookup_user", '{"email": "ana@x.org"')),
        ["malformed JSON: lookup_user: the arguments are not one JSON object"],
    ),
]


@pytest.mark.parametrize(("expectation", "choice", "said"), CASES)
def test_each_mistake_has_its_kind(expectation: Expectation, choice: Choice, said: list[str]) -> None:
    found = [str(mistake) for mistake in mistakes(expectation, choice, TOOLS)]
    assert [text.startswith(start) for text, start in zip(found, said, strict=True)] == [True] * len(said), found


def test_every_kind_of_the_taxonomy_is_among_the_examples() -> None:
    seen = {mistake.kind for expectation, choice, _ in CASES for mistake in mistakes(expectation, choice, TOOLS)}
    assert seen == set(get_args(MistakeKind))


def test_of_two_calls_of_a_tool_the_one_with_the_wanted_arguments_counts_as_meant() -> None:
    other: tuple[str, JsonObject] = ("lookup_user", {"email": "b@x.org"})
    (mistake,) = mistakes(wanted(ANA), called(other, ANA), TOOLS)
    assert mistake == Mistake(
        "wrong count", 'lookup_user({"email":"b@x.org"}) is one call of lookup_user too many', call=0
    )


def test_a_mistake_says_where_in_which_call_it_is() -> None:
    (mistake,) = mistakes(wanted(ANA, ONE), called(ANA, ("get_user_profile", {"id": 2})), TOOLS)
    assert (mistake.call, mistake.path) == (1, "/id")


values = st.sampled_from([ANA, ONE, ("note", {"text": "x"}), ("find_user", {}), ("lookup_user", {"email": "b"})])


@given(st.lists(values, max_size=4), st.lists(values, max_size=4), st.booleans())
def test_a_choice_is_right_exactly_when_the_wanted_calls_were_made(
    expected: list[tuple[str, JsonObject]], chosen: list[tuple[str, JsonObject]], in_order: bool
) -> None:
    expectation = wanted(*expected, in_order=in_order)
    choice = called(*chosen) if chosen else Choice("answer", text="Hello.")
    found = mistakes(expectation, choice, TOOLS)
    same = expected == chosen if in_order else sorted(map(str, expected)) == sorted(map(str, chosen))
    is_known = all(TOOLS.named(tool) for tool, _ in chosen)
    assert (found == ()) == same or not is_known
    places = [mistake.call for mistake in found if mistake.call is not None]
    assert all(0 <= place < len(chosen) for place in places)
