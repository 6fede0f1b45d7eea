import copy

import jsonschema

from workbench.core.json_text import JsonObject
from workbench.providers.anthropic.strict import strict_schema as anthropic_strict_schema
from workbench.providers.openai_chat.strict import strict_schema

BOOKING: JsonObject = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "unit": {"type": "string", "enum": ["km", "mi"]},
        "when": {"$ref": "#/$defs/day", "description": "The day."},
        "seat": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        "class": {"const": "second"},
        "extras": {"type": "object", "default": {}, "properties": {"meal": {"type": ["string", "null"]}}},
    },
    "required": ["city"],
    "$defs": {"day": {"type": "string", "format": "date"}},
}


def test_every_property_is_required_and_what_was_optional_may_be_null() -> None:
    schema, changes = strict_schema(BOOKING)
    assert schema["required"] == ["city", "unit", "when", "seat", "class", "extras"]
    everything_left_out = {"city": "Bern", "unit": None, "when": None, "seat": None, "class": None, "extras": None}
    jsonschema.validate(everything_left_out, schema)
    assert "/properties/unit: required now, and may be null instead" in changes
    assert not any("/properties/city:" in change for change in changes)


def test_a_description_stays_beside_the_reference_it_belongs_to() -> None:
    schema, _ = strict_schema(BOOKING)
    assert schema["properties"]["when"] == {  # type: ignore[index, call-overload]
        "description": "The day.",
        "anyOf": [{"$ref": "#/$defs/day"}, {"type": "null"}],
    }


def test_every_object_is_closed_and_said_so() -> None:
    schema, changes = strict_schema(BOOKING)
    assert schema["additionalProperties"] is False
    extras = schema["properties"]["extras"]  # type: ignore[index, call-overload]
    assert extras["additionalProperties"] is False  # type: ignore[index, call-overload]
    assert "/: 'additionalProperties' is false now" in changes
    assert "/properties/extras: 'default' was left out" in changes


def test_a_free_object_that_loses_all_its_keys_is_named() -> None:
    _, changes = strict_schema({"type": "object", "properties": {"tags": {"type": "object"}}, "required": ["tags"]})
    assert "/properties/tags: 'additionalProperties' is false now: no key at all is allowed any more" in changes


def test_a_strict_schema_is_left_as_it_is() -> None:
    schema: JsonObject = {
        "type": "object",
        "properties": {"a": {"type": ["string", "null"]}, "not": {"type": "array", "items": {"type": "integer"}}},
        "required": ["a", "not"],
        "additionalProperties": False,
    }
    assert strict_schema(schema) == (schema, [])
    assert anthropic_strict_schema(schema) == (schema, [])


def test_the_original_is_never_changed() -> None:
    before = copy.deepcopy(BOOKING)
    strict_schema(BOOKING)
    anthropic_strict_schema(BOOKING)
    assert before == BOOKING


def test_a_choice_of_one_becomes_any_of_and_a_single_all_of_is_merged() -> None:
    schema, changes = strict_schema(
        {
            "type": "object",
            "properties": {"a": {"oneOf": [{"type": "string"}]}, "b": {"allOf": [{"type": "string"}]}},
            "required": ["a", "b"],
            "additionalProperties": False,
        }
    )
    assert schema["properties"] == {"a": {"anyOf": [{"type": "string"}]}, "b": {"type": "string"}}
    assert changes == ["/properties/a: 'oneOf' became 'anyOf'", "/properties/b: a single 'allOf' was merged"]


def test_what_strict_mode_may_refuse_is_kept_and_listed() -> None:
    schema, changes = strict_schema(
        {"type": "object", "properties": {}, "required": [], "additionalProperties": False, "minProperties": 1}
    )
    assert schema["minProperties"] == 1
    assert changes == ["/: 'minProperties' may be refused"]


def test_optional_properties_stay_optional_for_anthropic() -> None:
    schema, changes = anthropic_strict_schema(BOOKING)
    assert schema["required"] == ["city"]
    assert schema["additionalProperties"] is False
    assert changes == [
        "/properties/extras: 'additionalProperties' is false now",
        "/: 'additionalProperties' is false now",
    ]


def test_what_anthropic_does_not_support_is_listed_with_its_place() -> None:
    _, changes = anthropic_strict_schema(
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "n": {"type": "integer", "minimum": 1},
                "list": {"type": "array", "minItems": 2, "items": {"$ref": "#"}},
                "far": {"$ref": "https://example.com/schema.json"},
                "key": {"type": "string", "format": "regex"},
                "choice": {"enum": [{"a": 1}, "b"]},
            },
        }
    )
    assert changes == [
        "/properties/n: 'minimum' is not supported",
        "/properties/list: 'minItems' above 1 is not supported",
        "/properties/list/items: a reference to a schema around it is not supported",
        "/properties/far: a reference outside of the schema is not supported",
        "/properties/key: the format 'regex' is not supported",
        "/properties/choice: an 'enum' of objects or lists is not supported",
    ]


def test_too_many_optional_properties_are_counted_for_anthropic() -> None:
    names = [f"p{number}" for number in range(25)]
    _, changes = anthropic_strict_schema(
        {"type": "object", "additionalProperties": False, "properties": {name: {"type": "string"} for name in names}}
    )
    assert changes == ["/: 25 optional properties are more than the limit of 24"]
