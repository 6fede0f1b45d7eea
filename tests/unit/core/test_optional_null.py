"""A null where an optional parameter was meant to be left out is left out; every other null is the check's business."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.optional_null import without_optional_nulls

TEXT: JsonObject = {"type": "string"}


@pytest.mark.parametrize(
    "rule",
    [
        TEXT,
        {"type": ["string", "integer"]},
        {"type": "object"},
        {"enum": ["a", "b"]},
        {"type": "string", "enum": ["a"]},
    ],
)
def test_a_null_for_an_optional_parameter_that_is_not_nullable_is_left_out(rule: JsonValue) -> None:
    schema: JsonObject = {"properties": {"city": TEXT, "unit": rule}, "required": ["city"]}
    assert without_optional_nulls(schema, {"city": "Oslo", "unit": None}) == {"city": "Oslo"}


@pytest.mark.parametrize(
    "rule",
    [
        {"type": ["string", "null"]},
        {"type": "null"},
        {"enum": ["a", None]},
        {"anyOf": [TEXT, {"type": "null"}]},
        {"$ref": "#/$defs/unit"},
        {"const": None},
        {},
        True,
    ],
)
def test_a_null_that_may_be_meant_stays(rule: JsonValue) -> None:
    schema: JsonObject = {"properties": {"unit": rule}}
    assert without_optional_nulls(schema, {"unit": None}) == {"unit": None}


def test_a_null_for_a_required_or_an_unknown_parameter_stays() -> None:
    schema: JsonObject = {"properties": {"city": TEXT}, "required": ["city"]}
    arguments: JsonObject = {"city": None, "other": None}
    assert without_optional_nulls(schema, arguments) is arguments


def test_nested_objects_and_items_are_looked_into() -> None:
    place: JsonObject = {"type": "object", "properties": {"street": TEXT}}
    schema: JsonObject = {"properties": {"home": place, "stops": {"type": "array", "items": place}}}
    arguments: JsonObject = {"home": {"street": None}, "stops": [{"street": None}, {"street": "A"}]}
    assert without_optional_nulls(schema, arguments) == {"home": {}, "stops": [{}, {"street": "A"}]}


@given(st.dictionaries(st.sampled_from("abc"), st.one_of(st.integers(), st.text(), st.booleans())))
def test_arguments_without_nulls_are_returned_as_they_are(arguments: JsonObject) -> None:
    schema: JsonObject = {"properties": {name: TEXT for name in "abc"}}
    assert without_optional_nulls(schema, arguments) is arguments
