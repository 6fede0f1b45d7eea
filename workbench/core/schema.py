"""Is this a legal parameter schema, and do these arguments fit it?

JSON Schema Draft 2020-12 by default, Draft 7 where `$schema` says so. No reference is ever fetched, from
the network or from a file. Whatever a hostile schema makes the validator raise comes back as a problem.
"""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft7Validator, Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.protocols import Validator
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource

from workbench.core.json_text import JsonObject, JsonValue, canonical
from workbench.core.problem import Problem, pointer

MAX_PROBLEMS = 20

_DRAFT_7 = ("http://json-schema.org/draft-07/schema", "https://json-schema.org/draft-07/schema")
_COSTLY = frozenset(
    {"pattern", "patternProperties", "uniqueItems", "$ref", "$dynamicRef", "propertyNames", "multipleOf"}
)
_CHEAP_NODES = 400

MAX_DEPTH = 64
MAX_PARTS = 2_000
"""Objects and lists in one schema. The largest of 400 schemas of public MCP servers has 95."""
MAX_VALUES = 100_000
MAX_PATTERN_CHARS = 1_000


def check_schema(schema: JsonObject) -> tuple[Problem, ...]:
    """Problems with the schema itself: against its meta-schema, and what a tool's parameters must be."""
    if (excess := _excess(schema)) is not None:
        return (excess,)
    problems = []
    if schema.get("type", "object") != "object":
        problems.append(Problem("/type", 'the parameters of a tool must have "type": "object"', "type"))
    try:
        _validator_class(schema).check_schema(schema)
    except SchemaError as error:
        problems.append(Problem(pointer(error.absolute_path), _shortened(error.message), str(error.validator)))
    except Exception as error:  # noqa: BLE001 — door: validators raise what they like on hostile schemas
        problems.append(_refused(error))
    return tuple(problems)


def check_arguments(schema: JsonObject, arguments: JsonValue) -> tuple[Problem, ...]:
    """Where `arguments` do not fit `schema`, best first; empty when they fit."""
    if (excess := _excess(schema)) is not None:
        return (excess,)
    try:
        validator = _validator_class(schema)(
            schema, registry=_REFUSING, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        errors = sorted(validator.iter_errors(arguments), key=lambda error: (len(error.absolute_path), error.message))
    except Exception as error:  # noqa: BLE001 — door: validators raise what they like on hostile schemas
        return (_refused(error),)
    return tuple(_problem(error) for error in errors[:MAX_PROBLEMS])


def _excess(schema: JsonObject) -> Problem | None:
    """Why a schema is too large to be judged at all: deeper, wider or with longer patterns than any honest one."""
    parts = values = 0
    waiting: list[tuple[JsonValue, int]] = [(schema, 1)]
    while waiting:
        node, depth = waiting.pop()
        members = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        parts += 1
        values += len(members)
        if depth > MAX_DEPTH:
            return _too_large(f"it is nested deeper than {MAX_DEPTH} levels")
        if parts > MAX_PARTS:
            return _too_large(f"it has more than {MAX_PARTS:,} objects and lists")
        if values > MAX_VALUES:
            return _too_large(f"it has more than {MAX_VALUES:,} values")
        if isinstance(node, dict) and any(len(pattern) > MAX_PATTERN_CHARS for pattern in _patterns(node)):
            return _too_large(f"it has a pattern of more than {MAX_PATTERN_CHARS:,} characters")
        waiting.extend((member, depth + 1) for member in members if isinstance(member, dict | list))
    return None


def _patterns(node: JsonObject) -> Iterator[str]:
    if isinstance(pattern := node.get("pattern"), str):
        yield pattern
    if isinstance(patterned := node.get("patternProperties"), dict):
        yield from patterned


def _too_large(what: str) -> Problem:
    return Problem("", f"schema refused: {what}", "schema")


def is_cheap(schema: JsonObject) -> bool:
    """Whether checking against `schema` is certain to be quick, so that no other process is needed for it.

    Regular expressions, references and uniqueness are where hostile schemas take for ever.
    """
    budget = _CHEAP_NODES
    waiting: list[JsonValue] = [schema]
    while waiting:
        node = waiting.pop()
        budget -= 1
        if budget < 0:
            return False
        if isinstance(node, dict):
            if not _COSTLY.isdisjoint(node):
                return False
            waiting.extend(node.values())
        elif isinstance(node, list):
            if len(node) <= 200:
                waiting.extend(item for item in node if isinstance(item, dict | list))
            else:
                return False
    return True


def _refuse_to_fetch(uri: str) -> Resource[Any]:
    raise NoSuchResource(uri)


_REFUSING: Registry[Any] = Registry(retrieve=_refuse_to_fetch)  # type: ignore[call-arg]


def _validator_class(schema: JsonObject) -> type[Validator]:
    dialect = schema.get("$schema")
    if isinstance(dialect, str) and dialect.rstrip("#") in _DRAFT_7:
        return Draft7Validator
    return Draft202012Validator


def _problem(error: ValidationError) -> Problem:
    path = pointer(error.absolute_path)
    keyword = str(error.validator)
    match keyword:
        case "required":
            message = _shortened(error.message)
        case "enum" if isinstance(error.validator_value, list):
            allowed = ", ".join(canonical(value) for value in error.validator_value[:20])
            message = f"{_shortened(canonical(error.instance))} is not one of: {allowed}"
        case "type":
            message = f"{_shortened(canonical(error.instance))} is not of type {_words(error.validator_value)}"
        case _:
            message = _shortened(error.message)
    return Problem(path, message, keyword)


def _words(value: object) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)


def _refused(error: Exception) -> Problem:
    reason = str(error) or type(error).__name__
    return Problem("", f"schema refused: {type(error).__name__}: {_shortened(reason)}", "schema")


def _shortened(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:280]}… ({len(text):,} characters)"
