"""The arguments of a call as a form."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.support.tool_documents import BOOKING, real_tools
from workbench.core.json_text import JsonObject, parse_strict_object
from workbench.viewmodels.schema_editor.argument_field import ArgumentField
from workbench.viewmodels.schema_editor.argument_form import ArgumentForm, every

SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "examples": ["Oslo"]},
        "days": {"type": "integer", "default": 3, "minimum": 1},
        "exact": {"type": ["boolean", "null"]},
        "unit": {"enum": ["celsius", 7, None]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "day": {"type": "string", "format": "date"},
        "place": {
            "type": "object",
            "properties": {"lat": {"type": "number"}, "name": {"$ref": "#/$defs/name"}},
            "required": ["lat"],
        },
        "free": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["city"],
    "$defs": {"name": {"type": "string", "description": "Its name"}},
}


def field(form: ArgumentForm, path: str) -> ArgumentField:
    return next(one for one in every(form.fields) if one.path == path)


def arguments(form: ArgumentForm) -> object:
    return json.loads(form.arguments_json) if form.arguments_json is not None else None


def test_each_type_has_its_field_and_nullable_ones_that_of_the_other_type() -> None:
    form = ArgumentForm(SCHEMA)
    assert {one.path: one.kind for one in every(form.fields)} == {
        "/city": "string",
        "/days": "integer",
        "/exact": "boolean",
        "/unit": "choice",
        "/tags": "list",
        "/day": "string",
        "/place": "group",
        "/place/lat": "number",
        "/place/name": "string",
        "/free": "json",
    }
    assert field(form, "/unit").choices == ('"celsius"', "7", "null")
    assert field(form, "/place/name").description == "Its name"
    assert field(form, "/day").hint == "2026-11-30"


def test_defaults_are_filled_in_and_examples_where_something_is_required() -> None:
    assert arguments(ArgumentForm(SCHEMA)) == {"city": "Oslo", "days": 3}


def test_what_is_empty_is_left_out_and_a_group_comes_with_its_first_value() -> None:
    form = ArgumentForm(SCHEMA)
    form.write(field(form, "/days"), "")
    form.write(field(form, "/tags"), "red\nblue\n")
    form.write(field(form, "/exact"), "true")
    form.write(field(form, "/place/lat"), "59.9")
    assert arguments(form) == {"city": "Oslo", "exact": True, "tags": ["red", "blue"], "place": {"lat": 59.9}}
    assert form.problems == {}


def test_an_empty_text_can_be_given_in_quotes() -> None:
    form = ArgumentForm(SCHEMA)
    form.write(field(form, "/city"), '""')
    assert arguments(form) == {"city": ""} | {"days": 3}


def test_what_is_wrong_is_said_at_its_field() -> None:
    form = ArgumentForm(SCHEMA)
    form.write(field(form, "/city"), "")
    assert form.problem_of(field(form, "/city")) == "required"
    form.write(field(form, "/days"), "many")
    assert form.arguments_json is None
    assert "number" in form.problem_of(field(form, "/days")) or "JSON" in form.problem_of(field(form, "/days"))
    form.write(field(form, "/days"), "0")
    form.write(field(form, "/day"), "tomorrow")
    form.write(field(form, "/place/name"), "Harbor")
    assert form.problem_of(field(form, "/days"))
    assert "date" in form.problem_of(field(form, "/day"))
    assert form.problem_of(field(form, "/place/lat")) == "required"
    assert form.other_problems == ()


def test_json_and_fields_are_two_views_of_the_same_arguments() -> None:
    form = ArgumentForm(SCHEMA)
    assert form.show_json(is_json=True)
    form.write_json('{"city": "Rome", "days": "two", "more": 1, "place": {"lat": 1, "height": 2}}')
    assert form.other_problems == ('/days: "two" is not of type integer',)
    assert form.show_json(is_json=False)
    assert field(form, "/days").kind == "json"
    assert form.left_over == {"more": 1}
    assert arguments(form) == {
        "city": "Rome",
        "days": "two",
        "place": {"lat": 1, "height": 2},
        "more": 1,
    }


def test_broken_json_stays_json_until_it_is_whole() -> None:
    form = ArgumentForm(SCHEMA)
    assert not form.fill('{"city": ')
    assert form.is_json
    assert form.arguments_json is None
    assert not form.show_json(is_json=False)
    assert form.fill('{"city": "Bern"}')
    assert form.draft == '{\n  "city": "Bern"\n}'


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "more"]), VALUES, max_size=5))
def test_whatever_was_called_is_shown_without_a_change(given_arguments: JsonObject) -> None:
    form = ArgumentForm(SCHEMA)
    form.fill(json.dumps(given_arguments))
    assert form.arguments_json is not None
    assert parse_strict_object(form.arguments_json) == given_arguments


def test_every_tool_can_be_shown() -> None:
    for document in (BOOKING, *real_tools()):
        form = ArgumentForm(document["inputSchema"])
        assert form.show_json(is_json=True) or form.problems
