"""Parameter schemas for vendors' strict modes. Pure; every change, and everything a vendor may refuse, is listed.

Requests never use this: what is in the project is what is sent. It serves export, where the person sees the list.
"""

from collections.abc import Iterator

from workbench.core.json_text import JsonObject, JsonValue

_MAPS_OF_SCHEMAS = ("properties", "$defs", "definitions", "patternProperties", "dependentSchemas")
_LISTS_OF_SCHEMAS = ("anyOf", "oneOf", "allOf", "prefixItems")
_SCHEMAS = ("items", "not", "if", "then", "else", "contains", "propertyNames")

_OPENAI_REFUSES = frozenset(
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
_ANTHROPIC_REFUSES = frozenset(
    [
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "maxItems",
        "uniqueItems",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "dependentRequired",
        "dependentSchemas",
        "patternProperties",
        "propertyNames",
        "contains",
        "minProperties",
        "maxProperties",
        "prefixItems",
    ]
)
_ANTHROPIC_FORMATS = frozenset(
    ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"]
)
_ANTHROPIC_MAX_OPTIONAL = 24
_ANTHROPIC_MAX_UNIONS = 16


def strict_schema(schema: JsonObject) -> tuple[JsonObject, list[str]]:
    """`schema` as OpenAI's strict mode wants it, and what was changed or may be refused, one line per place.

    No object has further keys, every property is required, and what was optional may be null instead. The
    original is left alone.
    """
    changes: list[str] = []
    return _strict(schema, "", changes), changes


def anthropic_strict_schema(schema: JsonObject) -> tuple[JsonObject, list[str]]:
    """`schema` as Anthropic's strict mode wants it: objects closed. What it does not support is kept and listed."""
    changes: list[str] = []
    closed = _closed(schema, "", changes)
    optional = unions = 0
    for path, node in _nodes(closed, ""):
        changes += [f"{path or '/'}: {keyword!r} is not supported" for keyword in node if keyword in _ANTHROPIC_REFUSES]
        changes += _anthropic_values(path or "/", node)
        properties = node.get("properties")
        required = node.get("required")
        if isinstance(properties, dict):
            optional += len(properties.keys() - set(_words(required)))
        unions += isinstance(node.get("type"), list) or "anyOf" in node
    if optional > _ANTHROPIC_MAX_OPTIONAL:
        changes.append(f"/: {optional} optional properties are more than the limit of {_ANTHROPIC_MAX_OPTIONAL}")
    if unions > _ANTHROPIC_MAX_UNIONS:
        changes.append(f"/: {unions} unions are more than the limit of {_ANTHROPIC_MAX_UNIONS}")
    return closed, changes


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
    changes += [f"{place}: {keyword!r} may be refused" for keyword in strict if keyword in _OPENAI_REFUSES]
    if not _is_object(strict):
        return strict
    _close(strict, place, changes)
    properties = strict.get("properties")
    if not isinstance(properties, dict):
        return strict
    required = _words(strict.get("required"))
    optional = [name for name in properties if name not in required]
    if optional:
        strict["properties"] = {
            name: _nullable(value) if name in optional else value for name, value in properties.items()
        }
        changes += [f"{path}/properties/{name}: required now, and may be null instead" for name in optional]
    strict["required"] = list(properties)
    return strict


def _inside(key: str, value: JsonValue, path: str, changes: list[str]) -> JsonValue:
    if key in _MAPS_OF_SCHEMAS and isinstance(value, dict):
        return {
            name: _strict(inner, f"{path}/{key}/{name}", changes) if isinstance(inner, dict) else inner
            for name, inner in value.items()
        }
    if key in _LISTS_OF_SCHEMAS and isinstance(value, list):
        return [
            _strict(inner, f"{path}/{key}/{number}", changes) if isinstance(inner, dict) else inner
            for number, inner in enumerate(value)
        ]
    if key in _SCHEMAS and isinstance(value, dict):
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


def _closed(node: JsonObject, path: str, changes: list[str]) -> JsonObject:
    closed: JsonObject = {}
    for key, value in node.items():
        if key in _MAPS_OF_SCHEMAS and isinstance(value, dict):
            closed[key] = {
                name: _closed(inner, f"{path}/{key}/{name}", changes) if isinstance(inner, dict) else inner
                for name, inner in value.items()
            }
        elif key in _LISTS_OF_SCHEMAS and isinstance(value, list):
            closed[key] = [
                _closed(inner, f"{path}/{key}/{number}", changes) if isinstance(inner, dict) else inner
                for number, inner in enumerate(value)
            ]
        elif key in _SCHEMAS and isinstance(value, dict):
            closed[key] = _closed(value, f"{path}/{key}", changes)
        else:
            closed[key] = value
    if _is_object(closed):
        _close(closed, path or "/", changes)
    return closed


def _close(node: JsonObject, place: str, changes: list[str]) -> None:
    if node.get("additionalProperties") is False:
        return
    loses = "" if node.get("properties") else ": no key at all is allowed any more"
    changes.append(f"{place}: 'additionalProperties' is false now{loses}")
    node["additionalProperties"] = False


def _is_object(node: JsonObject) -> bool:
    kind = node.get("type")
    return kind == "object" or (isinstance(kind, list) and "object" in kind) or isinstance(node.get("properties"), dict)


def _nodes(node: JsonObject, path: str) -> Iterator[tuple[str, JsonObject]]:
    yield path, node
    for key, value in node.items():
        inner: list[tuple[str, JsonValue]] = []
        if key in _MAPS_OF_SCHEMAS and isinstance(value, dict):
            inner = [(f"{path}/{key}/{name}", item) for name, item in value.items()]
        elif key in _LISTS_OF_SCHEMAS and isinstance(value, list):
            inner = [(f"{path}/{key}/{number}", item) for number, item in enumerate(value)]
        elif key in _SCHEMAS:
            inner = [(f"{path}/{key}", value)]
        for where, item in inner:
            if isinstance(item, dict):
                yield from _nodes(item, where)


def _anthropic_values(place: str, node: JsonObject) -> Iterator[str]:
    least, kind, reference, enum = (node.get(key) for key in ("minItems", "format", "$ref", "enum"))
    if isinstance(least, int) and least > 1:
        yield f"{place}: 'minItems' above 1 is not supported"
    if isinstance(kind, str) and kind not in _ANTHROPIC_FORMATS:
        yield f"{place}: the format {kind!r} is not supported"
    if isinstance(reference, str) and not reference.startswith("#"):
        yield f"{place}: a reference outside of the schema is not supported"
    if isinstance(reference, str) and reference.startswith("#") and _is_recursive(place, reference):
        yield f"{place}: a reference to a schema around it is not supported"
    if isinstance(enum, list) and any(isinstance(value, (dict, list)) for value in enum):
        yield f"{place}: an 'enum' of objects or lists is not supported"


def _is_recursive(place: str, reference: str) -> bool:
    """A reference to an ancestor. Longer circles through several definitions are left to the vendor to find."""
    target = reference.removeprefix("#").rstrip("/")
    return target == "" or place == target or place.startswith(f"{target}/")


def _words(value: JsonValue) -> list[str]:
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []
