"""The vendor's own kind of schema as JSON Schema: what `parameters` of a function declaration holds. Pure."""

from workbench.core.json_text import JsonObject, JsonValue, whole_number
from workbench.core.subschemas import with_subschemas

_TYPES = frozenset(["STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"])
_COUNTS = ("minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength")


def json_schema(schema: JsonObject) -> JsonObject:
    """`schema` with types in small letters, `nullable` as a type, and counts as numbers; JSON Schema stays as it is."""
    made = _read(schema, "")
    assert isinstance(made, dict)
    return made


def _read(node: JsonValue, path: str) -> JsonValue:
    if not isinstance(node, dict):
        return node
    made = with_subschemas(node, _read, path)
    kind = made.get("type")
    if isinstance(kind, str) and kind in _TYPES:
        made["type"] = kind.lower()
        made.pop("propertyOrdering", None)
        for key in _COUNTS:
            if isinstance(said := made.get(key), str) and (count := whole_number(said)) is not None:
                made[key] = count
        if made.get("format") == "enum":
            del made["format"]
    if made.get("nullable") is True and isinstance(kind := made.get("type"), str):
        made["type"] = [kind, "null"]
        del made["nullable"]
        if isinstance(values := made.get("enum"), list) and None not in values:
            made["enum"] = [*values, None]
    return made
