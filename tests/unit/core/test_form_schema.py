"""Forms that servers may ask people to fill in."""

from typing import Any

import pytest

from tests.support.forms import form_defaults
from workbench.core.form_schema import NotAForm, form_problems, form_schema


def one(field: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"x": field}}


def test_only_known_keywords_stay_so_no_pattern_of_a_server_is_run() -> None:
    field = {"type": "string", "pattern": "(a+)+$", "minLength": 2, "title": "Name", "description": "Yours", "x": 1}
    assert form_schema(one(field))["properties"] == {
        "x": {"type": "string", "minLength": 2, "description": "Name. Yours"}
    }


@pytest.mark.parametrize(
    ("field", "choices"),
    [
        ({"type": "string", "enum": ["a", "b"], "enumNames": ["Alpha", "Beta"]}, ["a", "b"]),
        ({"type": "string", "oneOf": [{"const": "a", "title": "Alpha"}, {"const": "b", "title": "Beta"}]}, ["a", "b"]),
    ],
)
def test_titles_of_choices_are_said(field: Any, choices: list[str]) -> None:
    made: Any = form_schema(one(field))["properties"]
    assert made["x"]["enum"] == choices
    assert '"a": Alpha' in made["x"]["description"]


def test_several_choices_may_be_taken() -> None:
    field = {"type": "array", "minItems": 1, "items": {"anyOf": [{"const": "a"}, {"const": "b"}]}, "default": ["a"]}
    schema = form_schema(one(field))
    assert form_defaults(schema) == {"x": ["a"]}
    assert form_problems(schema, {"x": ["a", "c"]})
    assert form_problems(schema, {"x": []})
    assert not form_problems(schema, {"x": ["b"]})


def test_defaults_of_every_kind_stand_in_the_form_and_one_that_does_not_fit_is_left_out() -> None:
    properties = {
        "name": {"type": "string", "default": "Ana"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "sure": {"type": "boolean", "default": True},
        "status": {"type": "string", "enum": ["a"], "default": "b"},
    }
    schema = form_schema({"type": "object", "properties": properties, "required": ["name", "gone"]})
    assert form_defaults(schema) == {"name": "Ana", "age": 30, "score": 95.5, "sure": True}
    assert schema["required"] == ["name"]


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (None, "an object with properties"),
        ({"type": "string"}, "an object with properties"),
        (one({"type": "object", "properties": {}}), "not nested"),
        (one({"type": "array", "items": {"type": "object"}}), "not nested"),
        (one("text"), "not nested"),
        (one({"type": "string", "oneOf": [{"type": "object"}]}), "no const"),
        ({"type": "object", "properties": {f"f{n}": {"type": "string"} for n in range(201)}}, "at most 200"),
        (one({"type": "string", "enum": [str(n) for n in range(201)]}), "at most 200"),
        (one({"type": "string", "enum": "ab"}), "without choices"),
        (one({"type": "string", "enum": [{}]}), "without choices"),
        (one({"type": "string", "minLength": "2"}), "not valid JSON Schema: /properties/x/minLength"),
        (
            one({"type": "array", "items": {"enum": ["a"]}, "maxItems": -1}),
            "not valid JSON Schema: /properties/x/maxItems",
        ),
    ],
)
def test_what_is_no_form_is_refused_with_the_reason(schema: Any, why: str) -> None:
    with pytest.raises(NotAForm, match=why):
        form_schema(schema)


def test_values_that_nobody_asked_for_do_not_fit() -> None:
    assert form_problems(form_schema(one({"type": "string"})), {"y": 1})


@pytest.mark.parametrize("required", [[["x"], {}, "x"], "x", {"x": 1}, None])
def test_what_is_required_counts_where_it_names_a_field(required: Any) -> None:
    schema = form_schema({**one({"type": "string"}), "required": required})
    assert schema["required"] == (["x"] if isinstance(required, list) else [])
