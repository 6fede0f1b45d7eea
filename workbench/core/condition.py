"""A condition on one argument of a call: what it says, how it is written, and whether it holds. Pure.

    amount >= 100                       numbers, dates and times compare: = != < <= > >=
    country in ["DE", "FR"]             one of these; also: not in
    title contains "urgent"             a part of a text, or an item of a list
    to like "*@example.com"             a glob: * any characters, ? one
    code matches "^A-[0-9]+$"           a pattern of JSON Schema, found anywhere
    tags any in ["a", "b"]              a list with one of these; all in: with nothing else
    note is given                       also: is not given
    /filter/user = "ana"                a JSON pointer leads into objects and lists

Values are JSON. Patterns may be hostile, so they are judged elsewhere: `found` has the result.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from fnmatch import fnmatchcase
from operator import ge, gt, le, lt
from typing import Any, Literal, assert_never, get_args

import msgspec

from workbench.core.argument_glob import MISSING, argument_at, as_text
from workbench.core.ecma_pattern import BadPattern, UncheckedPattern, check_pattern
from workbench.core.errors import MalformedJson
from workbench.core.json_equality import same_json
from workbench.core.json_text import JsonObject, JsonValue, compact, parse_strict

Operator = Literal[
    "=", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "like", "matches", "any in", "all in",
    "is given", "is not given",
]  # fmt: skip
OPERATORS: tuple[Operator, ...] = get_args(Operator)
ORDERED: frozenset[str] = frozenset({"<", "<=", ">", ">="})
LISTED: frozenset[str] = frozenset({"in", "not in", "any in", "all in"})
BARE: frozenset[str] = frozenset({"is given", "is not given"})
"""Without a value."""

PatternMatches = Mapping[str, bool]
"""By the text of a condition with `matches`, whether its pattern was found; one that is missing was not judged."""
NOTHING_FOUND: PatternMatches = {}

_NAME = r'"(?:[^"\\]|\\.)*"|[\w./~-]+'
_BARE_NAME = re.compile(r"[\w./~-]+")
_BY_LENGTH = "|".join(
    re.escape(one).replace(r"\ ", r"\s+") + (r"(?!\w)" if one[-1].isalpha() else "(?![=<>])")
    for one in sorted(OPERATORS, key=len, reverse=True)
)
_WRITTEN = re.compile(rf"\s*({_NAME})\s*({_BY_LENGTH})\s*(.*)", re.DOTALL)


class BadCondition(ValueError):
    """A text that is not a condition, or a condition that could never hold; the message says why."""


class Condition(msgspec.Struct, frozen=True):
    """`name` is an argument, or a JSON pointer (`/filter/user`) into the arguments."""

    name: str
    operator: Operator
    value: JsonValue = None

    def holds(self, arguments: JsonObject, found: PatternMatches, *, unsure: bool = False) -> bool:
        """Whether it holds for these arguments; `unsure` where that cannot be said, because the argument is of another
        type or its pattern was not judged. What is not given, or null, fits no condition but `is not given`, `!=` and
        `not in`.
        """
        value = argument_at(arguments, self.name)
        is_given = value is not MISSING and value is not None
        match self.operator:
            case "is given":
                return is_given
            case "is not given":
                return not is_given
            case "=":
                return value is not MISSING and same_json(value, self.value)  # type: ignore[arg-type]
            case "!=" | "not in" if not is_given:
                return True
            case _ if not is_given:
                return False
            case "matches":
                return found.get(str(self), unsure)
            case "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in" | "contains" | "like" | "any in" | "all in":
                judged = _judged(self.operator, value, self.value)
                return unsure if judged is None else judged
            case _:
                assert_never(self.operator)

    @property
    def fault(self) -> str:
        """Why it cannot be used, in words; empty when it can."""
        return _fault(self)

    def __str__(self) -> str:
        name = self.name if _BARE_NAME.fullmatch(self.name) else compact(self.name)
        return f"{name} {self.operator}" + ("" if self.operator in BARE else f" {compact(self.value)}")


def read_condition(text: str) -> Condition:
    """The condition a text stands for. Raises `BadCondition`."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise BadCondition(
            f"{text[:80]!r} is not a condition; write an argument, one of {', '.join(OPERATORS)}, and a value"
        )
    named, spaced, rest = written.groups()
    operator = next(one for one in OPERATORS if one == " ".join(spaced.split()))
    try:
        name = str(parse_strict(named)) if named.startswith('"') else named
        value = parse_strict(rest) if rest.strip() else None
    except MalformedJson:
        raise BadCondition(f"{rest.strip()[:60]!r} in {text[:80]!r} is not JSON; put text in double quotes") from None
    if operator not in BARE and not rest.strip():
        raise BadCondition(f"{text[:80]!r} needs a value after “{operator}”")
    if operator in BARE and rest.strip():
        raise BadCondition(f"{text[:80]!r}: nothing can follow “{operator}”")
    condition = Condition(name, operator, value)
    if condition.fault:
        raise BadCondition(f"{text[:80]!r}: {condition.fault}")
    return condition


def patterns_in(conditions: Iterable[Condition], arguments: JsonObject) -> dict[str, tuple[str, str]]:
    """The patterns that have to be judged: by the text of the condition, the pattern and the text it is to be found in.
    Only text has patterns; anything else is not judged."""
    found: dict[str, tuple[str, str]] = {}
    for condition in conditions:
        value = argument_at(arguments, condition.name) if condition.operator == "matches" else None
        if isinstance(value, str):
            found[str(condition)] = (str(condition.value), value)
    return found


def _judged(operator: Operator, value: object, wanted: JsonValue) -> bool | None:
    """None where the two cannot be compared."""
    match operator:
        case "!=":
            return not same_json(value, wanted)  # type: ignore[arg-type]
        case "in" | "not in":
            return _is_one_of(value, wanted) is (operator == "in")
        case "any in" | "all in":
            if not isinstance(value, list):
                return None
            fits = [_is_one_of(item, wanted) for item in value]
            return any(fits) if operator == "any in" else all(fits)
        case "contains":
            if isinstance(value, list):
                return _is_one_of(wanted, value)
            return wanted in value if isinstance(value, str) and isinstance(wanted, str) else None
        case "like":
            return fnmatchcase(as_text(value), str(wanted))
        case "<" | "<=" | ">" | ">=":
            return _ordered(operator, value, wanted)
        case "=" | "matches" | "is given" | "is not given":
            return None  # `holds` has judged them
        case _:
            assert_never(operator)


def _is_one_of(value: object, listed: JsonValue) -> bool:
    return isinstance(listed, list) and any(same_json(value, one) for one in listed)  # type: ignore[arg-type]


def _ordered(operator: Operator, value: object, wanted: JsonValue) -> bool | None:
    one, other = _measure(value), _measure(wanted)
    if isinstance(one, datetime) and type(other) is date:
        one = one.date()  # “< 2026-12-01” is about days
    if one is None or other is None or (type(one) is not type(other) and not (_is_number(one) and _is_number(other))):
        return None
    try:
        return bool(_COMPARISONS[operator](one, other))
    except TypeError:
        return None  # one of them has a time zone, the other has none


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _measure(value: object) -> "float | date | datetime | time | None":
    """A number, or the date, time or both that a text in ISO 8601 says; None for anything else."""
    if _is_number(value):
        return value  # type: ignore[return-value]
    if isinstance(value, str) and _MOMENT.match(value):
        for kind in (date, datetime, time):
            try:
                return kind.fromisoformat(value)
            except ValueError:
                continue
    return None


def _fault(condition: Condition) -> str:
    operator, value = condition.operator, condition.value
    if not condition.name:
        return "the name of an argument is missing"
    if operator in ORDERED and _measure(value) is None:
        return f'{operator} needs a number, or a date or time such as "2026-11-30"'
    if operator in LISTED and not (isinstance(value, list) and value):
        return f'{operator} needs a list, such as ["a", "b"]'
    if operator in ("like", "matches") and not isinstance(value, str):
        return f"{operator} needs text in double quotes"
    if operator == "contains" and isinstance(value, dict | list):
        return "contains needs one value"
    if operator == "matches":
        try:
            check_pattern(str(value))
        except (BadPattern, UncheckedPattern) as error:
            return f"{str(value)[:60]!r} cannot be used as a pattern: {error}"
    return ""


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d|\d\d:\d\d")
