"""A schema is judged as its meta-schema would judge it, with words that help, in one pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from jsonschema.exceptions import SchemaError

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.schema import check_arguments, check_schema

KEYWORDS = """
$comment $defs additionalProperties allOf anyOf const contains default definitions description enum exclusiveMinimum
examples format if items maxItems maximum minLength multipleOf not pattern patternProperties prefixItems properties
propertyNames readOnly required title type uniqueItems
"""
NEWEST = "https://json-schema.org/draft/2020-12/schema"
KEYWORD = st.sampled_from(tuple(KEYWORDS.split()))
ONLY_IN_2020 = {"$defs", "prefixItems"}
PLAIN = st.sampled_from([True, False, None, 0, 1, -1, 2.0, 2.5, "string", "object", "b", [], {}, ["a"], ["a", "a"]])


def schemas(inner: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    return st.dictionaries(KEYWORD, inner, max_size=3) | st.lists(inner, max_size=2)


VALUES = st.recursive(PLAIN | st.sampled_from([["string", "null"], ["null", "null"]]), schemas, max_leaves=12)


@given(st.dictionaries(KEYWORD, VALUES, max_size=4))
def test_the_verdict_is_that_of_the_meta_schema(schema: JsonObject) -> None:
    schema = {**schema, "type": "object"}
    for dialect, validator in (
        ("", Draft202012Validator),
        ("http://json-schema.org/draft-07/schema#", Draft7Validator),
    ):
        named: JsonObject = {"$schema": dialect, **schema} if dialect else schema
        if dialect and not ONLY_IN_2020.isdisjoint(str(schema).replace("'", " ").split()):
            continue  # what stands below a keyword of a later draft is looked at all the same
        try:
            validator.check_schema(named)
            is_legal = True
        except SchemaError:
            is_legal = False
        assert (check_schema(named) == ()) is is_legal


@pytest.mark.parametrize(
    ("rule", "path", "words"),
    [
        ({"type": "strng"}, "/type", '"strng" is not a type; the types are array, boolean'),
        ({"type": ["string", "txt"]}, "/type/1", '"txt" is not a type'),
        ({"type": ["string"] * 99_000}, "/type", "must not repeat a type"),
        ({"type": []}, "/type", "at least one"),
        ({"required": ["b", "b"]}, "/required/1", '"b" is listed twice'),
        ({"required": "b"}, "/required", "a list of names, not string"),
        ({"minLength": -1}, "/minLength", "a whole number from 0, not -1"),
        ({"minLength": True}, "/minLength", "a whole number from 0, not true"),
        ({"multipleOf": 0}, "/multipleOf", "a number above 0, not 0"),
        ({"properties": {"b/c": 5}}, "/properties/b~1c", "a schema (an object, true or false), not number"),
        ({"items": []}, "/items", "a schema (an object, true or false), not array"),
        ({"anyOf": []}, "/anyOf", "a list of schemas, not an empty one"),
        ({"anyOf": [{}, 1]}, "/anyOf/1", "a schema (an object, true or false), not number"),
        ({"pattern": "["}, "/pattern", '"[" is not an ECMA 262 regular expression: a [ is never closed'),
        ({"$ref": "#/$defs/none"}, "/$ref", '"#/$defs/none" leads nowhere'),
        ({"$ref": "#/properties/a"}, "/$ref", "leads back here in an endless loop"),
        ({"description": 1}, "/description", "of type string, not number"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_remedy(rule: JsonObject, path: str, words: str) -> None:
    [problem] = check_schema({"type": "object", "properties": {"a": rule}})
    assert (problem.path, problem.severity) == (f"/properties/a{path}", "error")
    assert words in problem.message
    assert len(problem.message) < 200


def test_a_reference_to_elsewhere_is_a_warning_because_no_arguments_will_fit() -> None:
    schema: JsonObject = {"type": "object", "properties": {"a": {"$ref": "https://example.org/s.json"}}}
    [problem] = check_schema(schema)
    assert problem.severity == "warning"
    assert "never fetched" in problem.message
    assert [found.keyword for found in check_arguments(schema, {"a": 1})] == ["schema"]


@pytest.mark.parametrize(
    "schema",
    [
        {"$defs": {"a b": {"type": "string"}}, "properties": {"x": {"$ref": "#/$defs/a%20b"}}},
        {"$defs": {"a/b": {"type": "string"}}, "properties": {"x": {"$ref": "#/$defs/a~1b"}}},
        {"properties": {"child": {"$ref": "#"}, "x": {"$anchor": "x"}, "y": {"$ref": "#x"}}},
        {"properties": {"list": {"type": "array", "prefixItems": [{}], "items": {"$ref": "#/properties/list"}}}},
        {"$defs": {"s": {"$id": "https://e.org/s", "$defs": {"t": {}}, "$ref": "#/$defs/t"}}},
    ],
)
def test_references_that_lead_somewhere_are_no_problem(schema: JsonObject) -> None:
    assert check_schema(schema) == ()


@pytest.mark.parametrize(
    "dialect",
    [
        "http://json-schema.org/draft-07/schema#",
        "https://json-schema.org/draft-07/schema",
        "http://json-schema.org/draft-06/schema#",
        "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2020-12/schema",
    ],
)
def test_a_known_dialect_is_no_problem(dialect: str) -> None:
    assert check_schema({"$schema": dialect, "type": "object"}) == ()


@pytest.mark.parametrize("dialect", ["https://example.org/mine", "http://json-schema.org/schema#", "draft-07", ""])
def test_an_unknown_dialect_is_told_and_the_schema_still_judged(dialect: str) -> None:
    schema: JsonObject = {"$schema": dialect, "type": "object", "properties": {"a": {"type": "string"}}}
    [problem] = check_schema(schema)
    assert (problem.path, problem.severity) == ("/$schema", "warning")
    assert "Draft 2020-12" in problem.message
    assert [found.path for found in check_arguments(schema, {"a": 1})] == ["/a"]


def test_what_an_older_draft_says_otherwise_is_read_as_it_says() -> None:
    old: JsonObject = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "properties": {"a": {"minimum": 1, "exclusiveMinimum": True}, "b": {"items": [{"type": "string"}]}},
    }
    assert check_schema(old) == ()
    assert [found.path for found in check_arguments(old, {"a": 1, "b": [1]})] == ["/a", "/b/0"]
    assert [found.path for found in check_schema({**old, "$schema": NEWEST})] == [
        "/properties/a/exclusiveMinimum",
        "/properties/b/items",
    ]
