"""A second opinion on arguments: JSON Schema by the letter of its text, for the keywords real tools use, and no more.

It shares no code with the workbench's own check. A keyword it does not know is an error of the test, not a guess.
"""

import math
import re
from collections.abc import Callable
from typing import Any

ANNOTATIONS = {
    "$schema", "title", "description", "default", "examples", "format", "deprecated", "readOnly", "writeOnly", "$id",
    "$defs", "definitions", "$comment", "x-order", "contentMediaType",
}  # fmt: skip


class Unknown(Exception):
    """A keyword nobody taught us."""


def fits(schema: Any, value: Any, root: Any = None) -> bool:
    """Whether `value` is valid against `schema`."""
    root = schema if root is None else root
    if isinstance(schema, bool):
        return schema
    return all(_judge(keyword, argument, schema, value, root) for keyword, argument in schema.items())


def _judge(keyword: str, argument: Any, schema: dict[str, Any], value: Any, root: Any) -> bool:
    if keyword in ANNOTATIONS or keyword.startswith("x-"):
        return True
    if keyword not in _RULES:
        raise Unknown(keyword)
    return _RULES[keyword](argument, schema, value, root)


def _is(kind: str, value: Any) -> bool:
    match kind:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return _number(value) and (isinstance(value, int) or value.is_integer())
        case "number":
            return _number(value)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
    raise Unknown(f"type {kind}")


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return (type(one) is type(other) and one == other) or (_number(one) and _number(other) and one == other)


def _reference(argument: str, root: Any) -> Any:
    if not argument.startswith("#"):
        raise Unknown(f"$ref {argument}")
    here = root
    for step in argument[1:].split("/")[1:]:
        here = here[step.replace("~1", "/").replace("~0", "~")]
    return here


def _additional(argument: Any, schema: dict[str, Any], value: Any, root: Any) -> bool:
    if not isinstance(value, dict):
        return True
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    rest = [value[name] for name in value if name not in known and not any(re.search(p, name) for p in patterns)]
    return all(fits(argument, item, root) for item in rest)


def _multiple(argument: Any, value: Any) -> bool:
    return not _number(value) or math.isclose(math.remainder(value, argument), 0.0, abs_tol=1e-9)


_Rule = Callable[[Any, dict[str, Any], Any, Any], bool]
_RULES: dict[str, _Rule] = {
    "type": lambda a, s, v, r: any(_is(kind, v) for kind in (a if isinstance(a, list) else [a])),
    "enum": lambda a, s, v, r: any(_same(item, v) for item in a),
    "const": lambda a, s, v, r: _same(a, v),
    "properties": lambda a, s, v, r: (
        not isinstance(v, dict) or all(fits(rule, v[name], r) for name, rule in a.items() if name in v)
    ),
    "patternProperties": lambda a, s, v, r: (
        not isinstance(v, dict)
        or all(fits(rule, item, r) for p, rule in a.items() for name, item in v.items() if re.search(p, name))
    ),
    "propertyNames": lambda a, s, v, r: not isinstance(v, dict) or all(fits(a, name, r) for name in v),
    "required": lambda a, s, v, r: not isinstance(v, dict) or all(name in v for name in a),
    "additionalProperties": _additional,
    "minProperties": lambda a, s, v, r: not isinstance(v, dict) or len(v) >= a,
    "maxProperties": lambda a, s, v, r: not isinstance(v, dict) or len(v) <= a,
    "items": lambda a, s, v, r: not isinstance(v, list) or all(fits(a, item, r) for item in v),
    "minItems": lambda a, s, v, r: not isinstance(v, list) or len(v) >= a,
    "maxItems": lambda a, s, v, r: not isinstance(v, list) or len(v) <= a,
    "uniqueItems": lambda a, s, v, r: (
        not a or not isinstance(v, list) or not any(_same(x, y) for i, x in enumerate(v) for y in v[:i])
    ),
    "minLength": lambda a, s, v, r: not isinstance(v, str) or len(v) >= a,
    "maxLength": lambda a, s, v, r: not isinstance(v, str) or len(v) <= a,
    "pattern": lambda a, s, v, r: not isinstance(v, str) or re.search(a, v) is not None,
    "minimum": lambda a, s, v, r: not _number(v) or v >= a,
    "maximum": lambda a, s, v, r: not _number(v) or v <= a,
    "exclusiveMinimum": lambda a, s, v, r: not _number(v) or v > a,
    "exclusiveMaximum": lambda a, s, v, r: not _number(v) or v < a,
    "multipleOf": lambda a, s, v, r: _multiple(a, v),
    "anyOf": lambda a, s, v, r: any(fits(rule, v, r) for rule in a),
    "oneOf": lambda a, s, v, r: sum(fits(rule, v, r) for rule in a) == 1,
    "allOf": lambda a, s, v, r: all(fits(rule, v, r) for rule in a),
    "not": lambda a, s, v, r: not fits(a, v, r),
    "$ref": lambda a, s, v, r: fits(_reference(a, r), v, r),
}
