"""Conditions are chosen by what the schema says an argument is, and read back as they were."""

import pytest

from workbench.core.condition import Condition, read_condition
from workbench.core.json_text import JsonObject
from workbench.viewmodels.rules.condition_list import ConditionList

SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "amount": {"type": "number"},
        "due": {"type": "string", "format": "date"},
        "to": {"type": "string"},
        "country": {"enum": ["DE", "FR"]},
        "express": {"type": "boolean"},
        "tags": {"type": "array", "items": {"enum": ["a", "b"]}},
        "place": {"type": "object", "properties": {"zip": {"type": "string"}}},
    },
}


def made() -> ConditionList:
    conditions = ConditionList()
    conditions.offer([SCHEMA])
    return conditions


def words(name: str) -> list[str]:
    return [words for _, words in made().operators(name)]


def test_each_type_has_its_own_comparisons() -> None:
    assert "≥" in words("amount")
    assert "contains" not in words("amount")
    assert "before" in words("due")
    assert {"contains", "fits the glob", "matches the pattern", "is one of"} <= set(words("to"))
    assert words("express") == ["is", "is given", "is not given"]
    assert {"has any of", "has only"} <= set(words("tags"))
    assert dict(made().names)["/place/zip"] == "place › zip"


@pytest.mark.parametrize(
    ("name", "operator", "text", "said"),
    [
        ("amount", ">=", "100", "amount >= 100"),
        ("due", "<", "2026-12-01", 'due < "2026-12-01"'),
        ("to", "contains", "100", 'to contains "100"'),
        ("to", "in", "ana, bo", 'to in ["ana","bo"]'),
        ("to", "in", '["a,b"]', 'to in ["a,b"]'),
        ("country", "=", '"DE"', 'country = "DE"'),
        ("express", "=", "true", "express = true"),
        ("/place/zip", "like", "01*", '/place/zip like "01*"'),
        ("unknown", "=", "five", 'unknown = "five"'),
        ("unknown", ">", "5", "unknown > 5"),
    ],
)
def test_what_is_typed_becomes_a_condition_and_is_shown_again(name: str, operator: str, text: str, said: str) -> None:
    conditions = made()
    conditions.add()
    conditions.change(0, name=name)
    conditions.change(0, operator=operator, text=text)  # type: ignore[arg-type]
    assert conditions.problems == {}
    assert conditions.read() == (read_condition(said),)
    shown = made()
    shown.show((read_condition(said),))
    assert shown.read() == (read_condition(said),)
    shown.change(0, text=f"{shown.drafts[0].text} ")
    assert shown.read() == (read_condition(said),)


def test_choices_are_checked_and_what_is_missing_is_said() -> None:
    conditions = made()
    conditions.add()
    conditions.change(0, name="country", operator="in")
    conditions.change(0, operator="in")
    assert conditions.value_input(0) == "checks"
    assert conditions.problems[0] == "a value is missing"
    conditions.check(0, '"FR"', is_on=True)
    conditions.check(0, '"DE"', is_on=True)
    assert conditions.checked(0) == ('"DE"', '"FR"')
    conditions.check(0, '"DE"', is_on=False)
    assert conditions.read() == (Condition("country", "in", ["FR"]),)
    conditions.change(0, name="amount")
    assert conditions.problems[0] == "a value is missing"
    conditions.change(0, operator=">", text="many")
    assert "number is required" in conditions.problems[0]
