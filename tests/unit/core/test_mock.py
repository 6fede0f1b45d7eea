"""When a mock rule fits, and what its template says."""

import pytest

from workbench.core.json_equality import contains_json, same_json
from workbench.core.json_path import BadJsonPath
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.mock import (
    MockPlan,
    MockReply,
    MockRule,
    TemplateGap,
    When,
    answered_by,
    fill_template,
    mock_output,
    pattern_schema,
    pattern_texts,
)
from workbench.core.schema import check_arguments

CALL: JsonObject = {"city": "Oslo", "days": 2, "place": {"zip": "0150", "tags": ["a", "b"]}, "note": None}


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ([1, 2], [2, 1], False),
        ([[True]], [[1]], False),
        (None, None, True),
    ],
)
def test_equality_is_that_of_json(one: JsonValue, other: JsonValue, is_same: bool) -> None:
    assert same_json(one, other) is is_same


def test_a_part_may_leave_keys_out_at_any_depth_but_not_change_lists() -> None:
    assert contains_json(CALL, {"place": {"zip": "0150"}})
    assert contains_json(CALL, {"note": None})
    assert not contains_json(CALL, {"place": {"tags": ["a"]}})
    assert not contains_json(CALL, {"missing": None})


@pytest.mark.parametrize(
    ("when", "call", "fits"),
    [
        (When(), 1, True),
        (When(exact=CALL), 1, True),
        (When(exact={"city": "Oslo"}), 1, False),
        (When(partial={"city": "Oslo"}), 1, True),
        (When(partial={"city": "Rome"}), 1, False),
        (When(jsonpath={"$.place.zip": "0150"}), 1, True),
        (When(jsonpath={"$.place.tags[*]": "b"}), 1, True),
        (When(jsonpath={"$.place.tags[*]": "c"}), 1, False),
        (When(jsonpath={"$.place.zip": {"exists": True}}), 1, True),
        (When(jsonpath={"$.coupon": {"exists": False}}), 1, True),
        (When(jsonpath={"$.coupon": {"exists": True}}), 1, False),
        (When(call=2), 1, False),
        (When(call=2), 2, True),
        (When(partial={"city": "Oslo"}, call=2), 1, False),
    ],
)
def test_every_condition_that_is_given_has_to_hold(when: When, call: int, fits: bool) -> None:
    assert when.fits(CALL, call) is fits


@pytest.mark.parametrize(
    "path", ["city", "$..[?@..x == 1]", "$..a..b", "$[?match(@.a, '(a+)+$')]", "$[", "$." + "a" * 400]
)
def test_a_path_that_is_none_or_costs_too_much_is_refused(path: str) -> None:
    with pytest.raises(BadJsonPath):
        When(jsonpath={path: 1}).fits(CALL, 1)


def test_patterns_look_at_the_text_of_their_arguments() -> None:
    patterns = {"city": "^O", "days": "^[0-9]$"}
    texts = pattern_texts(patterns, CALL)
    assert texts == {"city": "Oslo", "days": "2"}
    assert not check_arguments(pattern_schema(patterns), texts)
    assert check_arguments(pattern_schema(patterns), texts | {"city": "Rome"})


def test_a_template_takes_arguments_as_plain_text_and_only_once() -> None:
    assert fill_template("{{city}}, {{ place.zip }}: {{place.tags}} {{note}}", CALL) == 'Oslo, 0150: ["a","b"] null'
    assert fill_template("{{city}}", {"city": "{{days}}", "days": 3}) == "{{days}}"
    assert fill_template("{{__class__}} {city} {{city.__len__}}".replace("{{city.__len__}}", ""), {"__class__": 1}) == (
        "1 {city} "
    )


def test_a_template_with_a_gap_says_which_argument_is_missing() -> None:
    with pytest.raises(TemplateGap, match=r"\{\{place.street\}\}"):
        fill_template("{{place.street}}", CALL)


def test_the_record_of_an_answer_names_its_rule() -> None:
    plan = MockPlan((MockRule(When(), MockReply()), MockRule(When(), MockReply(), "sold out")))
    assert [plan.label(0), plan.label(1)] == ["rule 1", "rule 2 (sold out)"]
    assert answered_by(mock_output(plan.label(1)) + "\nprinted") == "rule 2 (sold out)"
    assert answered_by("printed") is None
