"""Strict JSON: what a model or a file wrote is either exactly JSON or an error with a place.

The standard library accepts NaN, duplicate keys, integers that no other language can hold and lone
surrogates. For arguments that will be executed each of these is a way to mean something other than
what was shown to the person who approved, so each is refused by name.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from workbench.core.errors import MalformedJson

if TYPE_CHECKING:
    JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]
    JsonObject = dict[str, JsonValue]
else:
    # Workaround (msgspec/msgspec#722): msgspec reads annotations at run time and cannot follow an alias that names
    # itself. Remove when it can.
    JsonValue = Any
    JsonObject = dict[str, Any]

MAX_DEPTH = 64
MIN_INTEGER, MAX_INTEGER = -(2**63), 2**64 - 1
"""What 64 bits hold, with a sign or without: schemas and ids of real tools use all of it."""
MAX_CHARS = 10_485_760

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def parse_strict(text: str, *, max_depth: int = MAX_DEPTH, max_chars: int = MAX_CHARS) -> JsonValue:
    """The value `text` stands for, or `MalformedJson` with the reason and the place."""
    if len(text) > max_chars:
        raise MalformedJson(f"{len(text):,} characters are more than the limit of {max_chars:,}")
    _refuse_depth(text, max_depth)
    try:
        value: JsonValue = json.loads(
            text,
            object_pairs_hook=_object_without_duplicates,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_finite_float,
        )
    except json.JSONDecodeError as error:
        raise MalformedJson(error.msg, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise MalformedJson("nested too deeply") from None
    if "\\u" in text or not text.isascii():
        _refuse_lone_surrogates(value)
    return value


def parse_strict_object(text: str) -> JsonObject:
    """Like `parse_strict`, for a text that has to be a JSON object. Raises `MalformedJson` for anything else."""
    return as_object(parse_strict(text))


def json_in(text: str) -> JsonValue:
    """The value `text` stands for; None where it is not strict JSON."""
    try:
        return parse_strict(text)
    except MalformedJson:
        return None


def as_object(value: JsonValue) -> JsonObject:
    """`value`, which has to be a JSON object; raises `MalformedJson`."""
    if not isinstance(value, dict):
        raise MalformedJson(f"expected a JSON object, found {type_name(value)}")
    return value


def canonical(value: object) -> str:
    """One text per meaning: sorted keys, no spaces. Equal values have equal text."""
    return _canonical(value)


def digest(value: object) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def pretty(value: object) -> str:
    """JSON for people: two spaces, keys in the order they came in, real characters."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def compact(value: object) -> str:
    """JSON on one line, keys in the order they came in."""
    return _compact(value)


def without_surrogates(value: JsonValue) -> JsonValue:
    """`value` as any program can write it: half of a surrogate pair, which no file and no wire can carry, as U+FFFD."""
    match value:
        case str():
            if value.isascii():
                return value
            return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        case list() | tuple():
            return [without_surrogates(item) for item in value]
        case dict():
            return {str(without_surrogates(key)): without_surrogates(item) for key, item in value.items()}
        case _:
            return value


def fits_integer(digits: str) -> bool:
    """Whether these digits of JSON are an integer that 64 bits hold."""
    return len(digits) <= 20 and MIN_INTEGER <= int(digits) <= MAX_INTEGER


def whole_number(text: str) -> int | None:
    """The number that a few plain digits say; None for any other text. `int` raises for thousands of digits, and
    `isdigit` holds for some that `int` refuses."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None


def type_name(value: object) -> str:
    """The JSON word for the type of `value`."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list() | tuple():
            return "array"
        case Mapping():
            return "object"
        case _:
            return type(value).__name__


def _object_without_duplicates(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    found: JsonObject = {}
    for key, value in pairs:
        if key in found:
            raise MalformedJson(f"the key {key!r} appears twice in one object")
        found[key] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedJson(f"{name} is not a JSON number")


def _integer(digits: str) -> int:
    if not fits_integer(digits):
        shown = digits if len(digits) <= 24 else f"{digits[:20]}…"
        raise MalformedJson(f"the integer {shown} does not fit in 64 bits, and most programs would change it")
    return int(digits)


def _finite_float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise MalformedJson(f"the number {digits[:24]} is too large")
    return number


def _refuse_depth(text: str, max_depth: int) -> None:
    """Count brackets outside strings; cheaper and safer than letting a parser recurse."""
    if text.count("{") + text.count("[") <= max_depth:
        return
    depth = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "{[":
            depth += 1
            if depth > max_depth:
                raise MalformedJson(f"nested deeper than {max_depth} levels")
        elif character in "}]":
            depth -= 1


def _refuse_lone_surrogates(value: JsonValue) -> None:
    match value:
        case str():
            if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
                raise MalformedJson("a string contains half of a surrogate pair")
        case list():
            for item in value:
                _refuse_lone_surrogates(item)
        case dict():
            for key, item in value.items():
                _refuse_lone_surrogates(key)
                _refuse_lone_surrogates(item)
        case _:
            pass
