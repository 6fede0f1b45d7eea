"""Schemas that are legal, arguments that fit, and schemas nobody should have to judge."""

import pytest

from workbench.core.json_text import JsonObject
from workbench.core.schema import MAX_DEPTH, MAX_PARTS, cheap_part, check_arguments, check_schema, is_cheap

PERSON: JsonObject = {
    "type": "object",
    "properties": {"name": {"type": "string", "pattern": "^[A-Z]"}, "age": {"type": "integer", "minimum": 0}},
    "required": ["name"],
    "additionalProperties": False,
}


def nested(levels: int) -> JsonObject:
    schema: JsonObject = {"type": "object"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def test_arguments_that_fit_have_no_problems() -> None:
    assert check_arguments(PERSON, {"name": "Ada", "age": 36}) == ()


@pytest.mark.parametrize(
    ("arguments", "path", "keyword"),
    [
        ({}, "", "required"),
        ({"name": "Ada", "age": "36"}, "/age", "type"),
        ({"name": "Ada", "age": -1}, "/age", "minimum"),
        ({"name": "ada"}, "/name", "pattern"),
        ({"name": "Ada", "email": ""}, "", "additionalProperties"),
    ],
)
def test_arguments_that_do_not_fit_have_a_problem_with_its_place(
    arguments: JsonObject, path: str, keyword: str
) -> None:
    [problem] = check_arguments(PERSON, arguments)
    assert (problem.path, problem.keyword) == (path, keyword)


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        (nested(MAX_DEPTH), "deeper than 64 levels"),
        (nested(3000), "deeper than 64 levels"),
        ({"type": "object", "allOf": [{}] * MAX_PARTS}, "2,000 objects and lists"),
        ({"type": "object", "required": [{"a": n} for n in range(20_000)]}, "2,000 objects and lists"),
        ({"type": "object", "properties": {"a": {"enum": ["x"] * 200_000}}}, "100,000 values"),
        ({"type": "object", "properties": {"a": {"pattern": "a" * 1001}}}, "1,000 characters"),
        ({"type": "object", "patternProperties": {"a" * 1001: {}}}, "1,000 characters"),
    ],
)
def test_a_schema_larger_than_any_honest_one_is_refused_before_it_is_judged(schema: JsonObject, reason: str) -> None:
    for [problem] in (check_schema(schema), check_arguments(schema, {})):
        assert problem.message.startswith("schema refused: ")
        assert reason in problem.message


def test_what_could_take_for_ever_is_not_taken_for_cheap() -> None:
    assert not is_cheap(PERSON)
    assert is_cheap({"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}}})


def test_the_cheap_part_of_a_schema_finds_what_can_be_found_quickly_and_blames_nothing_that_fits() -> None:
    schema: JsonObject = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "pattern": "^(a+)+$", "maxLength": 60},
            "tags": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/tag"}},
            "kind": {"oneOf": [{"pattern": "^a"}, {"pattern": "^b"}]},
        },
        "patternProperties": {"^x": {}},
        "additionalProperties": False,
        "$defs": {"tag": {"type": "string"}},
        "required": ["name"],
    }
    part = cheap_part(schema)
    assert is_cheap(part)
    assert check_arguments(part, {"name": "a" * 40 + "!", "tags": [1, 1], "kind": "a", "x1": 1}) == ()
    assert [problem.path for problem in check_arguments(part, {"name": 1, "tags": 2})] == ["/name", "/tags"]
    assert [problem.keyword for problem in check_arguments(part, {})] == ["required"]
    assert cheap_part(nested(3000)) == {}
    plain: JsonObject = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert cheap_part(plain) is plain
