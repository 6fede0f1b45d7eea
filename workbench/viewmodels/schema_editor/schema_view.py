"""The form's view of one schema: its type, whether it may be null, and which part holds its rules."""

from dataclasses import dataclass

from workbench.core.json_text import JsonObject, JsonValue

TYPES = ("string", "integer", "number", "boolean", "object", "array")

RULES: dict[str, tuple[str, ...]] = {
    "string": ("format", "minLength", "maxLength", "pattern"),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "array": ("minItems", "maxItems", "uniqueItems"),
    "object": ("additionalProperties",),
    "boolean": (),
}
STRUCTURE = ("type", "properties", "required", "items")

SCHEMA_ORDER = (
    "$schema",
    "$id",
    "title",
    "type",
    "description",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "enum",
    "enumDescriptions",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "properties",
    "required",
    "additionalProperties",
    "default",
    "examples",
)
"""Where a new keyword goes. Existing keywords stay where they are."""


@dataclass(frozen=True)
class SchemaView:
    """`inner` is the pointer from the schema to the part that holds its rules: empty, or into an `anyOf` with null."""

    schema: JsonObject
    core: JsonObject
    inner: str
    type: str
    """One of `TYPES`, or empty if the form has no single type for it."""
    is_nullable: bool
    words: str
    """The type as shown in the outline."""


def look_at(schema: JsonObject) -> SchemaView:
    """The form's view of a schema."""
    kind = schema.get("type")
    if kind is None and (beside := _beside_null(schema.get("anyOf"))) is not None:
        place, core = beside
        inner = look_at(core)
        if inner.type and not inner.inner:
            return SchemaView(schema, core, f"/anyOf/{place}", inner.type, True, f"{inner.words} or null")
    if isinstance(kind, list) and "null" in kind and len(kind) == 2:
        single = next((word for word in kind if word != "null"), None)
        if single in TYPES:
            return SchemaView(schema, schema, "", str(single), True, f"{_words(schema, str(single))} or null")
    if isinstance(kind, str) and kind in TYPES:
        return SchemaView(schema, schema, "", kind, False, _words(schema, kind))
    if kind is None and isinstance(schema.get("properties"), dict):
        return SchemaView(schema, schema, "", "object", False, "object")
    return SchemaView(schema, schema, "", "", False, _other_words(schema))


def is_enum_described(schema: JsonObject) -> bool:
    """Whether `enumDescriptions` holds one text for each value of `enum`."""
    values, texts = schema.get("enum"), schema.get("enumDescriptions")
    return (
        isinstance(values, list)
        and isinstance(texts, list)
        and len(values) == len(texts)
        and all(isinstance(text, str) for text in texts)
    )


def _beside_null(choices: JsonValue) -> tuple[int, JsonObject] | None:
    """For two schemas, one of them null: the other one and its place."""
    if not isinstance(choices, list) or len(choices) != 2 or {"type": "null"} not in choices:
        return None
    place = 1 - choices.index({"type": "null"})
    core = choices[place]
    return (place, core) if isinstance(core, dict) else None


def _words(schema: JsonObject, kind: str) -> str:
    if kind == "array" and isinstance(items := schema.get("items"), dict):
        inner = look_at(items)
        return f"list of {inner.words}" if inner.words != "anything" else "list"
    if kind == "array":
        return "list"
    return f"{kind} enum" if isinstance(schema.get("enum"), list) else kind


def _other_words(schema: JsonObject) -> str:
    kind = schema.get("type")
    reference = schema.get("$ref")
    if isinstance(kind, list):
        return " or ".join(str(word) for word in kind)
    if isinstance(kind, str):
        return kind
    if isinstance(reference, str):
        return f"→ {reference.rpartition('/')[2] or reference}"
    for keyword, words in (("anyOf", "any of"), ("oneOf", "one of"), ("allOf", "all of")):
        if isinstance(choices := schema.get(keyword), list):
            return f"{words} {len(choices)}"
    if "const" in schema:
        return "constant"
    return "enum" if isinstance(schema.get("enum"), list) else "anything"
