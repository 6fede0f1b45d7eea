"""Is this a legal schema? What the meta-schemas of JSON Schema say, looked up in one pass over the schema.

The general validator could judge a schema against its meta-schema, but takes seconds for some that are within all
limits of size, and this is done for every tool whenever a project is opened and after every edit.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, Literal, get_args
from urllib.parse import unquote

from workbench.core.ecma_pattern import BadPattern, UncheckedPattern, check_pattern
from workbench.core.json_text import JsonObject, JsonValue, type_name
from workbench.core.problem import Problem, pointer
from workbench.core.subschemas import MAPS, MISSING, SINGLES, all_schemas, referred_to

TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")

Dialect = Literal["draft-04", "draft-06", "draft-07", "draft/2019-09", "draft/2020-12"]
DIALECTS: Final[tuple[Dialect, ...]] = get_args(Dialect)

Complaints = Iterator[tuple[str, str]]
"""Where below the keyword, and what is wrong."""
_Rule = Callable[[JsonValue], Complaints]


def meta_problems(schema: JsonObject, dialect: Dialect) -> Iterator[Problem]:
    """What is wrong with `schema`, those nearer to the top first."""
    rules = _rules(dialect)
    for place, node in all_schemas(schema):
        for keyword, value in node.items():
            if (rule := rules.get(keyword)) is not None:
                for below, message in rule(value):
                    yield Problem(f"{place}/{keyword}{below}", message, keyword)
            if keyword == "pattern" and isinstance(value, str):
                yield from _pattern(value, f"{place}/pattern")
            elif keyword == "patternProperties" and isinstance(value, dict):
                for pattern in value:
                    yield from _pattern(pattern, place + pointer([keyword, pattern]))
    yield from _references(schema)


def _pattern(pattern: str, path: str) -> Iterator[Problem]:
    try:
        check_pattern(pattern)
    except BadPattern as error:
        yield Problem(path, f"{_said(pattern)} is not an ECMA 262 regular expression: {error}", "pattern")
    except UncheckedPattern as error:
        words = f"{_said(pattern)} cannot be checked here, so any text fits it: {error}"
        yield Problem(path, words, "pattern", severity="warning")


def _references(schema: JsonObject) -> Iterator[Problem]:
    """References that lead nowhere, out of the schema, or back to themselves. Where a schema inside has an address of
    its own, they mean something else and are left alone."""
    referring: dict[str, str] = {}
    for place, node in all_schemas(schema):
        if place and "$id" in node:
            return
        if isinstance(reference := node.get("$ref"), str):
            referring[place] = reference
    for place, reference in referring.items():
        if not reference.startswith("#"):
            words = f"{_said(reference)} is outside this schema and is never fetched, so no arguments will fit"
            yield Problem(f"{place}/$ref", words, "$ref", severity="warning")
        elif reference.startswith("#/") and referred_to(schema, reference) is MISSING:
            yield Problem(f"{place}/$ref", f"{_said(reference)} leads nowhere", "$ref")
        elif _is_ring(place, referring):
            yield Problem(f"{place}/$ref", f"{_said(reference)} leads back here in an endless loop", "$ref")


def _is_ring(place: str, referring: dict[str, str]) -> bool:
    seen: set[str] = set()
    here = place
    while here in referring and here not in seen:
        seen.add(here)
        here = unquote(referring[here][1:])
    return here == place


def _type(value: JsonValue) -> Complaints:
    if not isinstance(value, list):
        yield from _one_type(value)
        return
    if not value:
        yield "", "a list of types needs at least one"
    for number, each in enumerate(value):
        yield from ((f"/{number}", words) for _, words in _one_type(each))
    if all(each in TYPES for each in value[: len(TYPES) + 1]) and len(set(map(str, value))) < len(value):
        yield "", "a list of types must not repeat a type"


def _one_type(value: JsonValue) -> Complaints:
    if value not in TYPES:
        yield "", f"{_said(value)} is not a type; the types are {', '.join(TYPES)}"


def _kind(kind: str) -> _Rule:
    def rule(value: JsonValue) -> Complaints:
        if type_name(value) != kind:
            yield "", f"this must be of type {kind}, not {type_name(value)}"

    return rule


def _count(value: JsonValue) -> Complaints:
    if not _is_number(value) or value < 0 or value % 1:  # type: ignore[operator]
        yield "", f"this must be a whole number from 0, not {_said(value)}"


def _divisor(value: JsonValue) -> Complaints:
    if not _is_number(value) or value <= 0:  # type: ignore[operator]
        yield "", f"this must be a number above 0, not {_said(value)}"


def _names(value: JsonValue) -> Complaints:
    if not isinstance(value, list):
        yield "", f"this must be a list of names, not {type_name(value)}"
        return
    seen: set[str] = set()
    for number, name in enumerate(value):
        if not isinstance(name, str):
            yield f"/{number}", f"this must be a name, not {type_name(name)}"
        elif name in seen:
            yield f"/{number}", f"{_said(name)} is listed twice"
        else:
            seen.add(name)


def _each(rule: _Rule) -> _Rule:
    """The same for the value under each name."""

    def rule_of_all(value: JsonValue) -> Complaints:
        if not isinstance(value, dict):
            yield "", f"this must be of type object, not {type_name(value)}"
            return
        for name, inner in value.items():
            yield from ((pointer([name]) + below, words) for below, words in rule(inner))

    return rule_of_all


def _schema(value: JsonValue) -> Complaints:
    if not isinstance(value, dict | bool):
        yield "", f"this must be a schema (an object, true or false), not {type_name(value)}"


def _schemas(value: JsonValue) -> Complaints:
    if not isinstance(value, list) or not value:
        found = "an empty one" if value == [] else type_name(value)
        yield "", f"this must be a list of schemas, not {found}"
        return
    for number, inner in enumerate(value):
        yield from ((f"/{number}", words) for _, words in _schema(inner))


def _schema_or_list(value: JsonValue) -> Complaints:
    yield from _schemas(value) if isinstance(value, list) else _schema(value)


def _schema_or_names(value: JsonValue) -> Complaints:
    yield from _names(value) if isinstance(value, list) else _schema(value)


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _said(value: JsonValue) -> str:
    """A value in a message, bounded."""
    if isinstance(value, dict | list):
        return f"an {type_name(value)}"
    text = json.dumps(value[:81] if isinstance(value, str) else value, ensure_ascii=False)
    return text if len(text) <= 82 else f"{text[:80]}…"


_STRINGS = ("$id", "$schema", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "$comment", "title", "description")
_COUNTS = (
    "maxLength",
    "minLength",
    "maxItems",
    "minItems",
    "maxProperties",
    "minProperties",
    "maxContains",
    "minContains",
)
_RULES: Final[dict[str, _Rule]] = {
    **dict.fromkeys(MAPS, _each(_schema)),
    **dict.fromkeys(SINGLES, _schema),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), _schemas),
    **dict.fromkeys((*_STRINGS, "format", "contentEncoding", "contentMediaType", "pattern"), _kind("string")),
    **dict.fromkeys(_COUNTS, _count),
    **dict.fromkeys(("maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum"), _kind("number")),
    **dict.fromkeys(("uniqueItems", "deprecated", "readOnly", "writeOnly"), _kind("boolean")),
    **dict.fromkeys(("enum", "examples"), _kind("array")),
    "type": _type,
    "multipleOf": _divisor,
    "required": _names,
    "dependentRequired": _each(_names),
    "dependencies": _each(_schema_or_names),
}
_SINCE: Final[dict[Dialect, str]] = {
    "draft-06": "contains propertyNames examples $id",
    "draft-07": "if then else $comment readOnly writeOnly contentEncoding contentMediaType",
    "draft/2019-09": "$anchor $defs contentSchema dependentRequired dependentSchemas deprecated maxContains "
    "minContains unevaluatedItems unevaluatedProperties",
    "draft/2020-12": "prefixItems $dynamicRef $dynamicAnchor",
}


@cache
def _rules(dialect: Dialect) -> dict[str, _Rule]:
    """The rules of a dialect; a keyword that came later means nothing in it."""
    rules = dict(_RULES)
    for later in DIALECTS[DIALECTS.index(dialect) + 1 :]:
        for keyword in _SINCE[later].split():
            rules.pop(keyword, None)
    if dialect == "draft/2020-12":
        rules.pop("additionalItems")
    else:
        rules["items"] = _schema_or_list
    if dialect == "draft-04":
        rules |= dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), _kind("boolean"))
    return rules
