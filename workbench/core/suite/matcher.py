"""Matchers: what an argument has to be, written as JSON beside plain values.

A plain value has to be equal; objects may have further keys unless `exactly`. An object with one of these keys is a
matcher:

    {"$any": true}                      any value, but there has to be one
    {"$equals": VALUE}                  exactly this value, also where it looks like a matcher
    {"$one_of": [MATCHER, …]}           one of these
    {"$type": "string"}                 a value of this JSON type
    {"$near": 10, "within": 0.5}        a number at most this far away
    {"$regex": "^A-[0-9]+$"}            a text in which the pattern is found
    {"$text": "Rain jacket"}            the same text but for case, spaces and , . / - _ * ^
    {"$schema": {…}}                    a value that fits this JSON Schema
    {"$optional": MATCHER}              fits, or is left out
    {"$absent": true}                   is left out

Patterns and schemas may be hostile, so they are not judged here: `Fits` is what judges them.
"""

from collections.abc import Callable, Iterator
from typing import Literal, assert_never, get_args

from workbench.core.argument_mistake import ArgumentMistake, ArgumentMistakeKind
from workbench.core.json_equality import same_json
from workbench.core.json_text import JsonObject, JsonValue, compact, type_name
from workbench.core.problem import pointer
from workbench.core.visible_text import visible_line

Fits = Callable[[JsonObject, JsonValue], bool]
"""Whether a value fits a JSON Schema."""
Matcher = Literal["$any", "$equals", "$one_of", "$type", "$near", "$regex", "$text", "$schema", "$optional", "$absent"]
OPERATORS: tuple[Matcher, ...] = get_args(Matcher)
TYPES = ("null", "boolean", "number", "integer", "string", "array", "object")
_LOOSE = str.maketrans("'", '"', " ,./-_*^")
_SHOWN_CHARS = 60


def operator_of(wanted: JsonValue) -> Matcher | None:
    """The key that makes this value a matcher; None for a plain value."""
    if not isinstance(wanted, dict):
        return None
    return next((operator for operator in OPERATORS if operator in wanted), None)


def is_omittable(wanted: JsonValue) -> bool:
    """Whether an argument may be left out."""
    return operator_of(wanted) in ("$optional", "$absent")


def matcher_faults(  # noqa: C901 — one flat match, one case per matcher
    wanted: JsonValue, place: tuple[object, ...] = ()
) -> Iterator[str]:
    """What is wrong with matchers as they are written, one sentence each, with the place."""
    where = f"arguments{pointer(place)}"
    operator = operator_of(wanted)
    if operator is None:
        inner = wanted.items() if isinstance(wanted, dict) else enumerate(wanted) if isinstance(wanted, list) else ()
        for key, value in inner:
            if str(key).startswith("$"):
                yield f"{where}: {key} is not a matcher; there are {', '.join(OPERATORS)}"
            else:
                yield from matcher_faults(value, (*place, key))
        return
    assert isinstance(wanted, dict)
    value = wanted[operator]
    further = set(wanted) - {operator} - ({"within"} if operator == "$near" else set())
    if further:
        yield f"{where}: {', '.join(sorted(further))} cannot be combined with {operator}"
    match operator:
        case "$one_of":
            if not isinstance(value, list) or not value:
                yield f"{where}: $one_of needs a list of values"
            else:
                for number, each in enumerate(value):
                    yield from matcher_faults(each, (*place, "$one_of", number))
        case "$optional":
            yield from matcher_faults(value, (*place, "$optional"))
        case "$type" if value not in TYPES:
            yield f"{where}: $type is one of {', '.join(TYPES)}"
        case "$near" if not _is_number(value) or not _is_number(wanted.get("within", 0)):
            yield f'{where}: $near needs a number, and "within" the distance'
        case "$regex" | "$text" if not isinstance(value, str):
            yield f"{where}: {operator} needs a string"
        case "$schema" if not isinstance(value, dict):
            yield f"{where}: $schema needs a JSON Schema object"


def argument_faults(
    wanted: JsonObject, given: JsonObject, fits: Fits, *, exactly: bool = False
) -> tuple[ArgumentMistake, ...]:
    """Where the given arguments are not what was wanted, in the kinds of `core.argument_mistake`."""
    return tuple(_faults(wanted, given, (), fits, exactly=exactly))


def _faults(
    wanted: JsonValue, given: JsonValue, place: tuple[object, ...], fits: Fits, *, exactly: bool
) -> Iterator[ArgumentMistake]:
    operator = operator_of(wanted)
    if operator is not None and isinstance(wanted, dict):
        yield from _by_operator(operator, wanted, given, place, fits, exactly=exactly)
    elif isinstance(wanted, dict) and isinstance(given, dict):
        for key, each in wanted.items():
            if key in given:
                yield from _faults(each, given[key], (*place, key), fits, exactly=exactly)
            elif not is_omittable(each):
                yield ArgumentMistake("wrong value", pointer((*place, key)), f"{_words(each)} was wanted")
        for key in given if exactly else ():
            if key not in wanted:
                yield ArgumentMistake(
                    "unexpected parameter", pointer((*place, key)), f"{_short(given[key])} was not wanted"
                )
    elif isinstance(wanted, list) and isinstance(given, list) and len(wanted) == len(given):
        for number, (one, other) in enumerate(zip(wanted, given, strict=True)):
            yield from _faults(one, other, (*place, number), fits, exactly=exactly)
    elif not same_json(wanted, given):
        yield _differs(wanted, given, place)


def _by_operator(
    operator: Matcher,
    wanted: JsonObject,
    given: JsonValue,
    place: tuple[object, ...],
    fits: Fits,
    *,
    exactly: bool,
) -> Iterator[ArgumentMistake]:
    value = wanted[operator]
    holds = True
    match operator:
        case "$any":
            pass
        case "$optional":
            yield from _faults(value, given, place, fits, exactly=exactly)
        case "$absent":
            yield ArgumentMistake("unexpected parameter", pointer(place), f"{_short(given)} was not wanted")
        case "$equals":
            holds = same_json(value, given)
        case "$one_of":
            options = value if isinstance(value, list) else []
            holds = any(not any(_faults(each, given, place, fits, exactly=exactly)) for each in options)
        case "$type":
            own = type_name(given)
            is_whole = own == "number" and isinstance(given, int | float) and float(given).is_integer()
            holds = own == value or (value == "integer" and is_whole)
        case "$near":
            holds = _is_number(given) and abs(_number(given) - _number(value)) <= _number(wanted.get("within", 0))
        case "$text":
            holds = isinstance(given, str) and _loose(given) == _loose(str(value))
        case "$regex":
            holds = isinstance(given, str) and fits({"type": "string", "pattern": value}, given)
        case "$schema":
            holds = isinstance(value, dict) and fits(value, given)
        case _:
            assert_never(operator)
    if not holds:
        yield _differs(wanted, given, place)


def _differs(wanted: JsonValue, given: JsonValue, place: tuple[object, ...]) -> ArgumentMistake:
    is_other_type = operator_of(wanted) in (None, "$type") and _type_wanted(wanted) != type_name(given)
    kind: ArgumentMistakeKind = "wrong type" if is_other_type else "wrong value"
    return ArgumentMistake(kind, pointer(place), f"{_short(given)} instead of {_words(wanted)}")


def _type_wanted(wanted: JsonValue) -> str:
    if isinstance(wanted, dict) and "$type" in wanted:
        return "number" if wanted["$type"] == "integer" else str(wanted["$type"])
    return type_name(wanted)


def _words(wanted: JsonValue) -> str:
    """A matcher as a person reads it."""
    operator = operator_of(wanted)
    if operator is None or not isinstance(wanted, dict):
        return _short(wanted)
    value = wanted[operator]
    match operator:
        case "$any":
            return "any value"
        case "$one_of" if isinstance(value, list):
            return " or ".join(map(_words, value))
        case "$optional":
            return f"{_words(value)} or nothing"
        case "$type":
            return f"a value of type {value}"
        case "$near":
            return f"{_short(value)} ± {_short(wanted.get('within', 0))}"
        case "$regex":
            return f"text that matches {_short(value)}"
        case "$text":
            return f"text like {_short(value)}"
        case "$schema":
            return "a value that fits the schema"
        case "$absent":
            return "nothing"
        case "$equals" | "$one_of":
            return _short(value)
        case _:
            assert_never(operator)


def _loose(text: str) -> str:
    return text.translate(_LOOSE).casefold()


def _number(value: JsonValue) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(value: JsonValue) -> str:
    return visible_line(compact(value), max_chars=_SHOWN_CHARS)
