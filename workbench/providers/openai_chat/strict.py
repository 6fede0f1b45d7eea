"""Parameter schemas for OpenAI's strict mode. Pure; every change is listed."""

from collections.abc import Iterator

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.problem import pointer
from workbench.core.subschemas import all_schemas, with_subschemas
from workbench.providers.strict_schema import Notes, StrictNote, is_object, prepared, required_names

_REFUSED = frozenset(
    [
        "allOf",
        "not",
        "if",
        "then",
        "else",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "patternProperties",
        "propertyNames",
        "contains",
        "minContains",
        "maxContains",
        "unevaluatedProperties",
        "unevaluatedItems",
        "minProperties",
        "maxProperties",
        "uniqueItems",
        "prefixItems",
    ]
)
_FORMATS = frozenset(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"])
_MOST_LEVELS = 10
_MOST_PROPERTIES = 5_000
_MOST_VALUES = 1_000
_MOST_NAME_CHARS = 120_000


def strict_schema(schema: JsonObject) -> tuple[JsonObject, Notes]:
    """`schema` as OpenAI's strict mode requires it, and what was changed or may be refused.

    No object has extra keys, every property is required, and what was optional may be null instead. The original is
    left alone.
    """
    notes: Notes = []
    made = _strict(prepared(schema, notes), "", notes)
    assert isinstance(made, dict)
    notes += _beyond_limits(made)
    return made, notes


def _strict(node: JsonValue, path: str, notes: Notes) -> JsonValue:
    if not isinstance(node, dict):
        return node
    strict = with_subschemas(node, lambda inner, below: _strict(inner, below, notes), path)
    if "oneOf" in strict and "anyOf" not in strict:
        strict = {"anyOf" if key == "oneOf" else key: value for key, value in strict.items()}
        notes.append(StrictNote(path, "'oneOf' became 'anyOf'", "'oneOf' must be 'anyOf'"))
    if "default" in strict:
        del strict["default"]
        notes.append(StrictNote(path, "'default' was removed", "'default' is not supported"))
    notes += [StrictNote(path, f"{keyword!r} may be refused") for keyword in strict if keyword in _REFUSED]
    if isinstance(kind := strict.get("format"), str) and kind not in _FORMATS:
        notes.append(StrictNote(path, f"the format {kind[:40]!r} may be refused"))
    return _all_required(strict, path, notes) if is_object(strict) else strict


def _all_required(node: JsonObject, path: str, notes: Notes) -> JsonObject:
    properties = node.get("properties", {})
    if not isinstance(properties, dict):
        return node
    optional = properties.keys() - set(required_names(node))
    made: JsonObject = {**node, "properties": properties, "required": list(properties)}
    if optional:
        made["properties"] = {n: _nullable(value) if n in optional else value for n, value in properties.items()}
    words, requirement = "required now, and may be null instead", "must be required, and may be null instead"
    places = [f"{path}/properties{pointer([name])}" for name in properties if name in optional]
    notes += [StrictNote(place, words, requirement) for place in places]
    return made


def _nullable(value: JsonValue) -> JsonValue:
    if not isinstance(value, dict):
        return value
    kind = value.get("type")
    kinds: list[JsonValue] = kind if isinstance(kind, list) else [kind]
    if "null" in kinds:
        return value
    if kind is None or "const" in value or "$ref" in value or "anyOf" in value:
        return _or_null(value)
    nullable: JsonObject = {**value, "type": [*kinds, "null"]}
    enum = value.get("enum")
    if isinstance(enum, list) and None not in enum:
        nullable["enum"] = [*enum, None]
    return nullable


def _or_null(value: JsonObject) -> JsonObject:
    """`value` or null; what describes the property stays outside, where models read it."""
    outer: JsonObject = {key: value[key] for key in ("title", "description") if key in value}
    inner: JsonObject = {key: item for key, item in value.items() if key not in outer}
    choices = inner.get("anyOf")
    if isinstance(choices, list) and len(inner) == 1:
        null: JsonObject = {"type": "null"}
        return {**outer, "anyOf": choices if null in choices else [*choices, null]}
    return {**outer, "anyOf": [inner, {"type": "null"}]} if inner else value


def _beyond_limits(schema: JsonObject) -> Iterator[StrictNote]:
    levels = properties = values = chars = 0
    for path, node in all_schemas(schema):
        named, enum = node.get("properties"), node.get("enum")
        names = [*named] if isinstance(named, dict) else []
        listed = enum if isinstance(enum, list) else []
        levels = max(levels, path.count("/properties/") + path.count("/items"))
        properties += len(names)
        values += len(listed)
        chars += sum(len(text) for text in (*names, *listed) if isinstance(text, str))
    for count, most, of in (
        (levels, _MOST_LEVELS, "levels"),
        (properties, _MOST_PROPERTIES, "properties"),
        (values, _MOST_VALUES, "values in 'enum'"),
        (chars, _MOST_NAME_CHARS, "characters in names and values"),
    ):
        if count > most:
            yield StrictNote("", f"{count:,} {of} may be refused; the limit is {most:,}")
