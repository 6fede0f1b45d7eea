"""Python types for schemas, and whether pydantic converts them back to the same schema."""

from collections.abc import Collection

import msgspec

from workbench.core.json_text import JsonObject, JsonValue, canonical, type_name

ANNOTATIONS = frozenset(["title", "description", "default", "examples", "deprecated"])
"""What a field declares besides its type."""
_BOUNDS: dict[str, dict[str, str]] = {
    "string": {"minLength": "min_length", "maxLength": "max_length", "pattern": "pattern"},
    "integer": {
        "minimum": "ge",
        "maximum": "le",
        "exclusiveMinimum": "gt",
        "exclusiveMaximum": "lt",
        "multipleOf": "multiple_of",
    },
    "array": {"minItems": "min_length", "maxItems": "max_length"},
}
_BOUNDS["number"] = _BOUNDS["integer"]
_PLAIN = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "array": "list[Any]",
    "object": "dict[str, Any]",
}
_FORMATS = {"date-time": "datetime", "date": "date", "uuid": "UUID"}


class PythonType(msgspec.Struct, frozen=True):
    """`checks` are the keywords that the type enforces; `is_exact`: pydantic converts it to exactly this schema."""

    text: str
    checks: Collection[str]
    is_exact: bool = False

    @property
    def takes_none(self) -> bool:
        """Whether null is a value like others."""
        return self.text == "Any" or "None" in self.text.split(" | ")


ANYTHING = PythonType("Any", ())


def scalar_type(node: JsonObject, keys: Collection[str], base: str = "") -> PythonType:
    """The type of a schema that refers to nothing and has no branches; `keys` are those that are not `ANNOTATIONS`.
    `base` is the type of an array with its items."""
    choices = [node["const"]] if "const" in node else node.get("enum")
    if isinstance(choices, list):
        return _choices(node, choices, keys)
    kind = node.get("type")
    if isinstance(kind, list):
        found = [scalar_type({**node, "type": one}, keys) for one in kind if isinstance(one, str)]
        checks = {"type", *(key for one in found for key in one.checks)}
        return PythonType(" | ".join(dict.fromkeys(one.text for one in found)) or "Any", checks)
    if not isinstance(kind, str) or kind not in _PLAIN:
        return ANYTHING
    if kind == "string" and node.get("format") in _FORMATS:
        return PythonType(_FORMATS[str(node["format"])], ("type", "format"), set(keys) == {"type", "format"})
    bounds = {key: name for key, name in _BOUNDS.get(kind, {}).items() if key in node and _is_bound(key, node[key])}
    text = base or _PLAIN[kind]
    if bounds:
        text = f"Annotated[{text}, Field({', '.join(f'{name}={node[key]!r}' for key, name in bounds.items())})]"
    checks = {"type", *bounds, *(["items"] if base else [])}
    is_exact = set(keys) == checks and kind != "object" and (kind != "array" or bool(base))
    return PythonType(text, checks, is_exact)


def union_type(types: list[PythonType], branches: list[JsonValue], *, is_exact: bool) -> PythonType:
    """Any of several. Pydantic keeps the branches if they are distinct, with null last."""
    texts = [one.text for one in types]
    is_flat = not any(isinstance(branch, dict) and "anyOf" in branch for branch in branches)
    is_told_apart = len(set(texts)) == len(texts) > 1 and "None" not in texts[:-1] and "Any" not in texts
    return PythonType(
        " | ".join(dict.fromkeys(texts)), ("anyOf",) if is_exact else (), is_exact and is_flat and is_told_apart
    )


def field_arguments(node: JsonValue) -> list[str]:
    """The arguments of `Field` besides the default."""
    if not isinstance(node, dict):
        return []
    kinds = {"title": "string", "description": "string", "examples": "array", "deprecated": "boolean"}
    return [f"{key}={node[key]!r}" for key, kind in kinds.items() if key in node and type_name(node[key]) == kind]


def _choices(node: JsonObject, choices: list[JsonValue], keys: Collection[str]) -> PythonType:
    is_literal = all(isinstance(one, str | int) or one is None for one in choices)
    same = len({canonical(one) for one in choices}) == len(choices) == len({one for one in choices if is_literal})
    if not is_literal or not same or not choices:
        kind = node.get("type")
        return PythonType(_PLAIN.get(kind, "Any") if isinstance(kind, str) else "Any", ("type",))
    kinds = {type_name(one) for one in choices}
    word = "const" if len(choices) == 1 else "enum"
    wanted = {word, "type"} if len(kinds) == 1 else {word}
    is_exact = set(keys) == wanted and node.get("type") in (None, *kinds) and kinds != {"null"}
    return PythonType(f"Literal[{', '.join(map(repr, choices))}]", ("const", "enum", "type"), is_exact)


def _is_bound(key: str, value: JsonValue) -> bool:
    if key == "pattern":
        return isinstance(value, str) and _is_pattern(value)
    if key.startswith(("min", "max")) and key.endswith(("Length", "Items")):
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return isinstance(value, int | float) and not isinstance(value, bool) and (key != "multipleOf" or value > 0)


def _is_pattern(text: str) -> bool:
    """Whether pydantic's own regular expressions support it; they have no look-around and take linear time."""
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        SchemaValidator(core_schema.str_schema(pattern=text))
    except SchemaError:
        return False
    return True
