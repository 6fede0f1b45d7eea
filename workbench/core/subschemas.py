"""Where schemas are inside a schema."""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Final
from urllib.parse import unquote

from workbench.core.json_place import steps
from workbench.core.json_text import JsonObject, JsonValue, whole_number
from workbench.core.problem import pointer

MAPS = frozenset(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"])
"""Keywords that hold a schema under each of their names."""
LISTS = frozenset(["allOf", "anyOf", "oneOf", "prefixItems", "items"])
"""Keywords that hold a list of schemas; `items` did until 2019-09."""
SINGLES = frozenset(
    ["items", "additionalItems", "unevaluatedItems", "contains", "additionalProperties", "propertyNames"]
)
SINGLES |= {"unevaluatedProperties", "not", "if", "then", "else", "contentSchema"}
"""Keywords that hold one schema."""

Rewrite = Callable[[JsonValue, str], JsonValue]
"""A schema and its pointer → what to put in its place."""


def subschemas(schema: JsonObject) -> Iterator[tuple[str, JsonValue]]:
    """The schemas right inside `schema`, each with its pointer; also true and false, and values that are not
    schemas.
    """
    for keyword, value in schema.items():
        if keyword in MAPS and isinstance(value, dict):
            yield from ((pointer([keyword, name]), inner) for name, inner in value.items())
        elif keyword in LISTS and isinstance(value, list):
            yield from ((f"/{keyword}/{number}", inner) for number, inner in enumerate(value))
        elif keyword in SINGLES:
            yield f"/{keyword}", value


def all_schemas(schema: JsonValue, path: str = "") -> Iterator[tuple[str, JsonObject]]:
    """`schema` and every schema inside it that is an object, each with its pointer, those nearer to the top first."""
    waiting = [(path, schema)]
    for place, node in waiting:
        if isinstance(node, dict):
            yield place, node
            waiting += [(place + below, inner) for below, inner in subschemas(node)]


def with_subschemas(schema: JsonObject, rewrite: Rewrite, path: str = "") -> JsonObject:
    """`schema` with each schema right inside it rewritten."""
    made: JsonObject = {}
    for keyword, value in schema.items():
        below = f"{path}/{keyword}"
        if keyword in MAPS and isinstance(value, dict):
            made[keyword] = {name: rewrite(inner, below + pointer([name])) for name, inner in value.items()}
        elif keyword in LISTS and isinstance(value, list):
            made[keyword] = [rewrite(inner, f"{below}/{number}") for number, inner in enumerate(value)]
        elif keyword in SINGLES:
            made[keyword] = rewrite(value, below)
        else:
            made[keyword] = value
    return made


class Missing(Enum):
    """Nothing, not even null."""

    MISSING = 0


MISSING: Final = Missing.MISSING


def referred_to(schema: JsonValue, reference: str) -> JsonValue | Missing:
    """What a reference within `schema`, such as `#/$defs/day`, refers to; `MISSING` if it leads nowhere or outside."""
    if reference != "#" and not reference.startswith("#/"):
        return MISSING
    for step in steps(unquote(reference[1:])):
        if isinstance(schema, list) and (place := whole_number(step)) is not None and place < len(schema):
            schema = schema[place]
        elif isinstance(schema, dict) and step in schema:
            schema = schema[step]
        else:
            return MISSING
    return schema
