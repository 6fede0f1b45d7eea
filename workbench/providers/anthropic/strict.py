"""Parameter schemas for Anthropic's strict mode. Pure; every change, and everything it may refuse, is listed."""

from collections.abc import Iterator

from workbench.core.json_text import JsonObject
from workbench.providers.strict_schema import closed, nodes, words

_REFUSED = frozenset(
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
_FORMATS = frozenset(["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"])
_MAX_OPTIONAL = 24
_MAX_UNIONS = 16


def strict_schema(schema: JsonObject) -> tuple[JsonObject, list[str]]:
    """`schema` as Anthropic's strict mode wants it: objects closed. What it does not support is kept and listed."""
    changes: list[str] = []
    made = closed(schema, "", changes)
    optional = unions = 0
    for path, node in nodes(made, ""):
        changes += [f"{path or '/'}: {keyword!r} is not supported" for keyword in node if keyword in _REFUSED]
        changes += _values(path or "/", node)
        properties = node.get("properties")
        required = node.get("required")
        if isinstance(properties, dict):
            optional += len(properties.keys() - set(words(required)))
        unions += isinstance(node.get("type"), list) or "anyOf" in node
    if optional > _MAX_OPTIONAL:
        changes.append(f"/: {optional} optional properties are more than the limit of {_MAX_OPTIONAL}")
    if unions > _MAX_UNIONS:
        changes.append(f"/: {unions} unions are more than the limit of {_MAX_UNIONS}")
    return made, changes


def _values(place: str, node: JsonObject) -> Iterator[str]:
    least, kind, reference, enum = (node.get(key) for key in ("minItems", "format", "$ref", "enum"))
    if isinstance(least, int) and least > 1:
        yield f"{place}: 'minItems' above 1 is not supported"
    if isinstance(kind, str) and kind not in _FORMATS:
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
