"""Parameter schemas for Anthropic's strict mode. Pure; every change, and everything that may be refused, is listed."""

import re
from collections.abc import Iterator, Sequence

from workbench.core.json_text import JsonObject
from workbench.core.subschemas import all_schemas
from workbench.providers.strict_schema import Notes, StrictNote, prepared, recursive_references, required_names

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
        "dependencies",
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
_BEYOND_GRAMMARS = re.compile(r"\(\?<?[=!]|\\[bB1-9]|\\k<")
"""Looking around, word boundaries and references to groups."""
_MAX_TOOLS = 20
_MAX_OPTIONAL = 24
_MAX_UNIONS = 16


def strict_schema(schema: JsonObject) -> tuple[JsonObject, Notes]:
    """`schema` as Anthropic's strict mode requires it: objects closed. What it does not support is kept and listed."""
    notes: Notes = []
    made = prepared(schema, notes)
    recursive = recursive_references(made)
    for path, node in all_schemas(made):
        notes += [StrictNote(path, f"{keyword!r} is not supported") for keyword in node if keyword in _REFUSED]
        notes += [StrictNote(path, words) for words in _values(node, recursive)]
    return made, notes


def strict_limits(schemas: Sequence[JsonObject]) -> tuple[str, ...]:
    """Where a request with all these strict tools exceeds a limit."""
    optional = unions = 0
    for schema in schemas:
        for _, node in all_schemas(schema):
            properties = node.get("properties")
            if isinstance(properties, dict):
                optional += len(properties.keys() - set(required_names(node)))
            unions += isinstance(node.get("type"), list) or "anyOf" in node
    counts = (
        (len(schemas), _MAX_TOOLS, "strict tools"),
        (optional, _MAX_OPTIONAL, "optional parameters of strict tools"),
        (unions, _MAX_UNIONS, "parameters of more than one type in strict tools"),
    )
    return tuple(f"{count} {of}; the limit is {most}" for count, most, of in counts if count > most)


def _values(node: JsonObject, recursive: frozenset[str]) -> Iterator[str]:
    least, kind, reference, enum, pattern = (node.get(key) for key in ("minItems", "format", "$ref", "enum", "pattern"))
    if isinstance(least, int) and least > 1:
        yield "'minItems' above 1 is not supported"
    if isinstance(kind, str) and kind not in _FORMATS:
        yield f"the format {kind[:40]!r} is not supported"
    if isinstance(reference, str) and reference in recursive:
        yield "a reference to a schema that holds it is not supported"
    if isinstance(enum, list) and any(isinstance(value, (dict, list)) for value in enum):
        yield "an 'enum' of objects or lists is not supported"
    if isinstance(pattern, str) and _BEYOND_GRAMMARS.search(pattern):
        yield "a 'pattern' that looks around or back is not supported"
