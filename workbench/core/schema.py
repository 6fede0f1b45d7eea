"""Is this a legal parameter schema, and do these arguments fit it?

JSON Schema Draft 2020-12 by default, Draft 7 where `$schema` says so. No reference is ever fetched, from
the network or from a file. Whatever a hostile schema makes the validator raise comes back as a problem.
"""

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


def check_schema(schema: JsonObject) -> tuple[Problem, ...]:
    """Problems with the schema itself: against its meta-schema, and what a tool's parameters must be."""
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
    try:
        validator = _validator_class(schema)(
            schema, registry=_REFUSING, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        errors = sorted(validator.iter_errors(arguments), key=lambda error: (len(error.absolute_path), error.message))
    except Exception as error:  # noqa: BLE001 — door: validators raise what they like on hostile schemas
        return (_refused(error),)
    return tuple(_problem(error) for error in errors[:MAX_PROBLEMS])


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
