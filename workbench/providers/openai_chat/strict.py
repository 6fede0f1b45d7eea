"""Parameter schemas for OpenAI's strict mode. Pure; every change is listed."""

from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.strict_schema import LISTS_OF_SCHEMAS, MAPS_OF_SCHEMAS, SCHEMAS, close, is_object, words

_REFUSED = frozenset(
    [
        "allOf",
        "not",
        "if",
        "then",
        "else",
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


def strict_schema(schema: JsonObject) -> tuple[JsonObject, list[str]]:
    """`schema` as OpenAI's strict mode wants it, and what was changed or may be refused, one line per place.

    No object has further keys, every property is required, and what was optional may be null instead. The
    original is left alone.
    """
    changes: list[str] = []
    return _strict(schema, "", changes), changes


def _strict(node: JsonObject, path: str, changes: list[str]) -> JsonObject:
    place = path or "/"
    node = _with_merged_all_of(node, place, changes)
    strict = {key: _inside(key, value, path, changes) for key, value in node.items()}
    if "oneOf" in strict and "anyOf" not in strict:
        strict = {"anyOf" if key == "oneOf" else key: value for key, value in strict.items()}
        changes.append(f"{place}: 'oneOf' became 'anyOf'")
    if "default" in strict:
        del strict["default"]
        changes.append(f"{place}: 'default' was left out")
    changes += [f"{place}: {keyword!r} may be refused" for keyword in strict if keyword in _REFUSED]
    if not is_object(strict):
        return strict
    close(strict, place, changes)
    properties = strict.get("properties")
    if not isinstance(properties, dict):
        return strict
    required = words(strict.get("required"))
    optional = [name for name in properties if name not in required]
    if optional:
        strict["properties"] = {
            name: _nullable(value) if name in optional else value for name, value in properties.items()
        }
        changes += [f"{path}/properties/{name}: required now, and may be null instead" for name in optional]
    strict["required"] = list(properties)
    return strict


def _inside(key: str, value: JsonValue, path: str, changes: list[str]) -> JsonValue:
    if key in MAPS_OF_SCHEMAS and isinstance(value, dict):
        return {
            name: _strict(inner, f"{path}/{key}/{name}", changes) if isinstance(inner, dict) else inner
            for name, inner in value.items()
        }
    if key in LISTS_OF_SCHEMAS and isinstance(value, list):
        return [
            _strict(inner, f"{path}/{key}/{number}", changes) if isinstance(inner, dict) else inner
            for number, inner in enumerate(value)
        ]
    if key in SCHEMAS and isinstance(value, dict):
        return _strict(value, f"{path}/{key}", changes)
    return value


def _with_merged_all_of(node: JsonObject, place: str, changes: list[str]) -> JsonObject:
    """One schema under `allOf` means the same without it, as long as nothing is said twice."""
    found = node.get("allOf")
    if not (isinstance(found, list) and len(found) == 1 and isinstance(found[0], dict)) or found[0].keys() & node:
        return node
    changes.append(f"{place}: a single 'allOf' was merged")
    return {**{key: value for key, value in node.items() if key != "allOf"}, **found[0]}


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
