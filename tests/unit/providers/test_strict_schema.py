import copy
from collections.abc import Callable

import jsonschema
import pytest

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.schema import check_schema
from workbench.providers.anthropic.strict import strict_limits
from workbench.providers.anthropic.strict import strict_schema as anthropic_strict_schema
from workbench.providers.openai_chat.strict import strict_schema as openai_strict_schema
from workbench.providers.strict_schema import Notes

BOOKING: JsonObject = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "unit": {"type": "string", "enum": ["km", "mi"]},
        "when": {"$ref": "#/$defs/day", "description": "The day."},
        "then": {"$ref": "#/$defs/day"},
        "seat": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        "class": {"const": "second"},
        "extras": {"type": "object", "default": {}, "properties": {"meal": {"type": ["string", "null"]}}},
    },
    "required": ["city"],
    "$defs": {"day": {"type": "string", "format": "date"}},
}
Strict = Callable[[JsonObject], tuple[JsonObject, Notes]]
BOTH = pytest.mark.parametrize("strict", [openai_strict_schema, anthropic_strict_schema], ids=["OpenAI", "Anthropic"])


def made(strict: Strict, schema: JsonObject) -> tuple[JsonObject, list[str]]:
    found, notes = strict(schema)
    return found, [str(note) for note in notes]


def one(rule: JsonValue, **more: JsonValue) -> JsonObject:
    """Parameters of which only one can give reason for a note."""
    return {"type": "object", "properties": {"p": rule}, "required": ["p"], "additionalProperties": False, **more}


def rule_of(schema: JsonObject) -> JsonValue:
    return schema["properties"]["p"]  # type: ignore[index, call-overload, no-any-return]


def test_every_property_is_required_and_what_was_optional_may_be_null() -> None:
    schema, notes = made(openai_strict_schema, BOOKING)
    assert schema["required"] == ["city", "unit", "when", "then", "seat", "class", "extras"]
    left_out = dict.fromkeys(("unit", "when", "then", "seat", "class", "extras"))
    jsonschema.validate({"city": "Bern", **left_out}, schema)
    assert "/properties/unit: required now, and may be null instead" in notes
    assert not any("/properties/city:" in note for note in notes)


@BOTH
def test_a_reference_stands_alone_and_its_description_is_kept(strict: Strict) -> None:
    schema, notes = made(strict, BOOKING)
    when = schema["properties"]["when"]  # type: ignore[index, call-overload]
    assert when["description"] == "The day."  # type: ignore[index, call-overload]
    assert when["format"] == "date"  # type: ignore[index, call-overload]
    assert "$ref" not in when  # type: ignore[operator]
    assert "/properties/when: '$ref' was replaced by what it refers to, '#/$defs/day'" in notes
    assert not any("/properties/then: '$ref'" in note for note in notes)


def test_every_object_is_closed_and_said_so() -> None:
    schema, notes = made(openai_strict_schema, BOOKING)
    assert schema["additionalProperties"] is False
    extras = schema["properties"]["extras"]  # type: ignore[index, call-overload]
    assert extras["additionalProperties"] is False  # type: ignore[index, call-overload]
    assert "/: 'additionalProperties' is false now" in notes
    assert "/properties/extras: 'default' was removed" in notes


def test_a_free_object_that_loses_all_its_keys_is_named() -> None:
    schema, notes = made(openai_strict_schema, one({"type": "object"}))
    assert notes == ["/properties/p: 'additionalProperties' is false now: no keys are allowed anymore"]
    assert rule_of(schema) == {"type": "object", "additionalProperties": False, "properties": {}, "required": []}


@BOTH
def test_a_strict_schema_is_left_as_it_is(strict: Strict) -> None:
    schema: JsonObject = {
        "type": "object",
        "properties": {"a": {"type": ["string", "null"]}, "not": {"type": "array", "items": {"type": "integer"}}},
        "required": ["a", "not"],
        "additionalProperties": False,
    }
    assert strict(schema) == (schema, [])


@BOTH
def test_the_original_is_never_changed(strict: Strict) -> None:
    before = copy.deepcopy(BOOKING)
    strict(BOOKING)
    assert before == BOOKING


def test_a_choice_of_one_becomes_any_of_and_a_single_all_of_is_merged() -> None:
    schema, notes = made(openai_strict_schema, one({"oneOf": [{"allOf": [{"type": "string"}]}]}))
    assert rule_of(schema) == {"anyOf": [{"type": "string"}]}
    assert notes == ["/properties/p/oneOf/0: a single 'allOf' was merged", "/properties/p: 'oneOf' became 'anyOf'"]


def test_what_pydantic_writes_around_a_reference_with_a_description_is_taken_apart() -> None:
    rule: JsonObject = {"allOf": [{"$ref": "#/$defs/day"}], "description": "When."}
    schema, _ = made(openai_strict_schema, one(rule, **{"$defs": {"day": {"type": "string"}}}))
    assert rule_of(schema) == {"type": "string", "description": "When."}


CHANGED: list[tuple[JsonValue, str]] = [
    ({"properties": {"b": {"type": "string"}}, "required": ["b"]}, "'type' is 'object' now"),
    ({"items": {"type": "string"}}, "'type' is 'array' now"),
    ({"enum": ["a", "b"]}, "'type' is 'string' now"),
    ({"const": True}, "'type' is 'boolean' now"),
]
REFUSED: list[tuple[JsonValue, str, str]] = [
    ({}, "", "a schema without 'type' may be refused"),
    ({"description": "Anything."}, "", "a schema without 'type' may be refused"),
    (True, "", "a schema that is only true may be refused"),
    (False, "", "a schema that is only false may be refused"),
    ({"type": "array"}, "", "a list without 'items' may be refused"),
    ({"type": ["array", "null"]}, "", "a list without 'items' may be refused"),
    ({"type": "array", "items": {}}, "/items", "a schema without 'type' may be refused"),
    ({"type": "array", "items": True}, "/items", "a schema that is only true may be refused"),
    ({"type": "array", "items": [{"type": "string"}]}, "/items", "'items' that is a list may be refused"),
    ({"anyOf": [{"type": "string"}, {}]}, "/anyOf/1", "a schema without 'type' may be refused"),
    (
        {"$ref": "#/$defs/none", "title": "X"},
        "",
        "the reference '#/$defs/none' may be refused: it does not lead to a schema",
    ),
    ({"$ref": "#/$defs/none"}, "", "the reference '#/$defs/none' may be refused: it does not lead to a schema"),
    ({"$ref": 7}, "", "'$ref' may be refused: it is not text"),
    ({"$ref": "#/$defs/day", "type": "integer"}, "", "'$ref' next to 'type' may be refused"),
    ({"$ref": "#/$defs/node", "default": 1}, "", "'$ref' next to 'default' may be refused"),
]
DEFS: JsonObject = {
    "day": {"type": "string"},
    "node": {
        "type": "object",
        "properties": {"next": {"$ref": "#/$defs/node"}},
        "required": ["next"],
        "additionalProperties": False,
    },
}


@BOTH
@pytest.mark.parametrize(("rule", "words"), CHANGED)
def test_a_type_that_is_evident_is_written_down(strict: Strict, rule: JsonValue, words: str) -> None:
    schema, notes = made(strict, one(rule))
    assert f"/properties/p: {words}" in notes
    assert rule_of(schema)["type"] in words  # type: ignore[index, call-overload, operator]
    assert check_schema(schema) == ()


@BOTH
@pytest.mark.parametrize(("rule", "place", "words"), REFUSED)
def test_what_may_be_refused_is_kept_and_listed_with_its_place(
    strict: Strict, rule: JsonValue, place: str, words: str
) -> None:
    schema, notes = strict(one(rule, **{"$defs": DEFS}))
    assert f"/properties/p{place}: {words}" in map(str, notes)
    assert not any(note.requirement for note in notes if words in note.words)
    assert rule_of(schema) == rule or "default" in rule  # type: ignore[operator]


@BOTH
def test_a_reference_to_what_refers_to_itself_is_not_put_in_its_place_but_goes_one_level_down(strict: Strict) -> None:
    schema, notes = made(strict, one({"$ref": "#/$defs/node", "description": "The first."}, **{"$defs": DEFS}))
    assert rule_of(schema) == {"description": "The first.", "anyOf": [{"$ref": "#/$defs/node"}]}
    assert "/properties/p: '$ref' was put into 'anyOf'" in notes


@BOTH
def test_a_reference_at_the_top_is_put_in_its_place(strict: Strict) -> None:
    for root in ("#/$defs/node", "#/$defs/other"):
        defs: JsonObject = {**DEFS, "other": {"$ref": "#/$defs/node"}}
        schema, notes = made(strict, {"$ref": root, "$defs": defs})
        assert schema["type"] == "object"
        assert "$ref" not in schema
        assert schema["properties"] == {"next": {"$ref": "#/$defs/node"}}
        assert f"/: '$ref' was replaced by what it refers to, {root!r}" in notes
    _, notes = made(strict, {"$ref": "#"})
    assert any("may be refused" in note for note in notes)


@BOTH
@pytest.mark.parametrize("keyword", ["anyOf", "oneOf", "allOf", "not", "enum"])
def test_alternatives_at_the_top_are_listed(strict: Strict, keyword: str) -> None:
    value: JsonValue = {"required": ["b"]} if keyword == "not" else [{"required": ["a"]}, {"required": ["b"]}]
    _, notes = made(strict, {"type": "object", "properties": {"a": {"type": "string"}}, keyword: value})
    assert f"/{keyword}: '{keyword}' at the top may be refused" in notes


@pytest.mark.parametrize(
    ("strict", "format_name", "words"),
    [
        (openai_strict_schema, "uri", "the format 'uri' may be refused"),
        (openai_strict_schema, "int32", "the format 'int32' may be refused"),
        (openai_strict_schema, "date", ""),
        (anthropic_strict_schema, "uri", ""),
        (anthropic_strict_schema, "regex", "the format 'regex' is not supported"),
    ],
)
def test_a_format_that_the_vendor_does_not_take_is_listed(strict: Strict, format_name: str, words: str) -> None:
    schema, notes = made(strict, one({"type": "string", "format": format_name}))
    assert notes == ([f"/properties/p: {words}"] if words else [])
    assert rule_of(schema) == {"type": "string", "format": format_name}


def test_keywords_that_strict_mode_may_refuse_are_kept_and_listed() -> None:
    schema, notes = made(openai_strict_schema, one({"type": "array", "items": {"type": "string"}, "uniqueItems": True}))
    assert rule_of(schema)["uniqueItems"] is True  # type: ignore[index, call-overload]
    assert notes == ["/properties/p: 'uniqueItems' may be refused"]


def test_more_than_the_vendor_counts_is_listed() -> None:
    _, notes = made(openai_strict_schema, one({"type": "string", "enum": [f"v{n}" for n in range(1001)]}))
    assert notes == ["/: 1,001 values in 'enum' may be refused; the limit is 1,000"]
    rule: JsonObject = {"type": "string"}
    for _ in range(11):
        rule = one(rule)
    assert made(openai_strict_schema, rule)[1] == ["/: 11 levels may be refused; the limit is 10"]


def test_optional_properties_stay_optional_for_anthropic() -> None:
    schema, notes = made(anthropic_strict_schema, BOOKING)
    assert schema["required"] == ["city"]
    assert schema["additionalProperties"] is False
    assert notes == [
        "/: 'additionalProperties' is false now",
        "/properties/when: '$ref' was replaced by what it refers to, '#/$defs/day'",
        "/properties/class: 'type' is 'string' now",
        "/properties/extras: 'additionalProperties' is false now",
    ]


def test_what_anthropic_does_not_support_is_listed_with_its_place() -> None:
    _, notes = made(
        anthropic_strict_schema,
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "n": {"type": "integer", "minimum": 1},
                "list": {"type": "array", "minItems": 2, "items": {"$ref": "#"}},
                "far": {"$ref": "https://example.com/schema.json"},
                "word": {"type": "string", "pattern": "^(?!x)a$"},
                "choice": {"enum": [{"a": 1}, "b"]},
                "node": {"$ref": "#/$defs/a"},
            },
            "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"anyOf": [{"$ref": "#/$defs/a"}]}},
        },
    )
    assert notes == [
        "/properties/far: the reference 'https://example.com/schema.json' may be refused: it does not lead to a schema",
        "/properties/n: 'minimum' is not supported",
        "/properties/list: 'minItems' above 1 is not supported",
        "/properties/word: a 'pattern' that looks around or back is not supported",
        "/properties/choice: an 'enum' of objects or lists is not supported",
        "/properties/node: a reference to a schema that holds it is not supported",
        "/properties/list/items: a reference to a schema that holds it is not supported",
        "/$defs/a/anyOf/0: a reference to a schema that holds it is not supported",
        "/$defs/b/anyOf/0: a reference to a schema that holds it is not supported",
    ]


def test_what_anthropic_counts_is_counted_over_all_tools_of_a_request() -> None:
    schema: JsonObject = {
        "type": "object",
        "additionalProperties": False,
        "properties": {f"p{number}": {"type": ["string", "null"]} for number in range(9)},
    }
    assert strict_limits([schema]) == ()
    assert strict_limits([schema] * 3) == (
        "27 optional parameters of strict tools; the limit is 24",
        "27 parameters of more than one type in strict tools; the limit is 16",
    )
    assert "21 strict tools; the limit is 20" in strict_limits([one({"type": "string"})] * 21)


@BOTH
def test_a_bomb_of_references_does_not_explode(strict: Strict) -> None:
    defs: JsonObject = {
        f"d{n}": {"type": "object", "properties": {key: {"$ref": f"#/$defs/d{n + 1}", "title": "T"} for key in "ab"}}
        for n in range(40)
    }
    defs["d40"] = {"type": "null"}
    schema, notes = made(strict, one({"$ref": "#/$defs/d0", "title": "T"}, **{"$defs": defs}))
    assert len(str(schema)) < 500_000
    assert any("200 others were replaced already" in note for note in notes)
