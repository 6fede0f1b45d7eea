"""What is wrong with the arguments of a chosen call, in the terms of the one taxonomy."""

from collections.abc import Iterator
from typing import Literal, assert_never, get_args

import msgspec

from workbench.core.argument_difference import argument_differences
from workbench.core.choice import ChosenCall
from workbench.core.json_difference import Difference
from workbench.core.json_equality import same_json
from workbench.core.json_text import JsonObject, JsonValue, compact, type_name
from workbench.core.problem import pointer
from workbench.core.tool import Tool
from workbench.core.visible_text import visible_line

ArgumentMistakeKind = Literal["missing required", "unexpected parameter", "wrong type", "wrong value", "malformed JSON"]
ARGUMENT_KINDS: tuple[ArgumentMistakeKind, ...] = get_args(ArgumentMistakeKind)
_SHOWN_CHARS = 60


class ArgumentMistake(msgspec.Struct, frozen=True):
    """One thing that is wrong, at a JSON pointer into the arguments."""

    kind: ArgumentMistakeKind
    path: str
    message: str


def argument_mistakes(
    call: ChosenCall, tool: Tool | None, expected: JsonObject | None = None, *, exactly: bool = False
) -> tuple[ArgumentMistake, ...]:
    """What is wrong, by the tool's parameters and by the arguments that were expected, if any.

    Other arguments may come with the expected ones unless `exactly`. Only the outermost parameters are judged by the
    schema; whether a call may run is for the checker to say.
    """
    arguments = call.arguments
    if arguments is None:
        return (ArgumentMistake("malformed JSON", "", "the arguments are not one JSON object"),)
    found: dict[str, ArgumentMistake] = {}
    for mistake in (
        *(_by_schema(arguments, tool.input_schema) if tool is not None else ()),
        *(_by_expectation(arguments, expected, exactly=exactly) if expected is not None else ()),
    ):
        found.setdefault(mistake.path, mistake)
    return tuple(found.values())


def _by_schema(arguments: JsonObject, schema: JsonObject) -> Iterator[ArgumentMistake]:
    declared = schema.get("properties")
    properties = declared if isinstance(declared, dict) else {}
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        if isinstance(name, str) and name not in arguments:
            yield ArgumentMistake("missing required", pointer([name]), f"{name} is required")
    for name, value in arguments.items():
        place = pointer([name])
        rule = properties.get(name)
        if name not in properties:
            if (properties or schema.get("additionalProperties") is False) and not schema.get("additionalProperties"):
                yield ArgumentMistake("unexpected parameter", place, f"the tool has no parameter {visible_line(name)}")
        elif isinstance(rule, dict) and not _fits_type(value, rule.get("type")):
            yield ArgumentMistake("wrong type", place, f"{_short(value)} is not of type {_words(rule.get('type'))}")
        elif isinstance(rule, dict) and isinstance(rule.get("enum"), list) and not _is_among(value, rule["enum"]):
            yield ArgumentMistake("wrong value", place, f"{_short(value)} is not one of the allowed values")


def _by_expectation(arguments: JsonObject, expected: JsonObject, *, exactly: bool) -> Iterator[ArgumentMistake]:
    compared = arguments if exactly else {name: value for name, value in arguments.items() if name in expected}
    for difference in argument_differences(expected, compared):
        match difference.kind:
            case "added" if difference.path.count("/") == 1:
                message = f"{_short(difference.new)} was not expected"
                yield ArgumentMistake("unexpected parameter", difference.path, message)
            case "removed":
                yield ArgumentMistake("wrong value", difference.path, f"{_short(difference.old)} was expected")
            case "added" | "changed" | "reordered":
                yield _changed(difference)
            case _:
                assert_never(difference.kind)


def _changed(difference: Difference) -> ArgumentMistake:
    old, new = difference.old, difference.new
    is_other_type = difference.kind == "changed" and type_name(old) != type_name(new)
    kind: ArgumentMistakeKind = "wrong type" if is_other_type else "wrong value"
    return ArgumentMistake(kind, difference.path, f"{_short(new)} instead of {_short(old)}")


def _fits_type(value: JsonValue, expected: JsonValue) -> bool:
    """Whether the value is of the type, or of one of them; a type that cannot be understood fits everything."""
    names = expected if isinstance(expected, list) else [expected]
    if not all(isinstance(name, str) for name in names):
        return True
    own = type_name(value)
    if own == "number" and isinstance(value, int | float) and float(value).is_integer():
        return "number" in names or "integer" in names
    return own in names


def _is_among(value: JsonValue, allowed: JsonValue) -> bool:
    return isinstance(allowed, list) and any(same_json(value, other) for other in allowed)


def _words(expected: JsonValue) -> str:
    return " or ".join(map(str, expected)) if isinstance(expected, list) else str(expected)


def _short(value: JsonValue) -> str:
    return visible_line(compact(value), max_chars=_SHOWN_CHARS)
