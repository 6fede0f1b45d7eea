"""Sanitizers: what a project does to the arguments of a tool before a person is asked. Every change is on record."""

import posixpath
import re
import unicodedata
from collections.abc import Callable, Mapping

import msgspec

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.problem import Problem, pointer

EVERY = "*"
"""In place of an argument's name: all arguments that have no sanitizer of their own."""

NULL_LEFT_OUT = "null means not given"
"""What a change is called that no sanitizer made: a strict mode's null for an optional parameter."""

IsInside = Callable[[str, str], bool]
"""(folder, path) → whether the path is really inside, symbolic links followed; both relative to the project."""

_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


class Sanitizer(msgspec.Struct, frozen=True):
    """What is done to one argument, in this order.

    `strip_control` takes out control characters (but line breaks and tabs) and invisible marks of direction or width;
    `trim` takes out white space at both ends; `least` and `most` clamp a number. `inside` is a folder of the project:
    a path is written without detours, and one that leads out of the folder is refused rather than changed.
    """

    strip_control: bool = False
    trim: bool = False
    least: float | None = None
    most: float | None = None
    inside: str = ""


class SanitizedValue(msgspec.Struct, frozen=True):
    """One thing a sanitizer did. `path` is a JSON pointer into the arguments; `by` names what did it."""

    path: str
    by: str
    before: JsonValue
    after: JsonValue


class Sanitized(msgspec.Struct, frozen=True):
    """Arguments after sanitizing, what was changed, and what had to be refused."""

    arguments: JsonObject
    changes: tuple[SanitizedValue, ...] = ()
    problems: tuple[Problem, ...] = ()


def sanitize(
    arguments: JsonObject, sanitizers: Mapping[str, Sanitizer], *, is_inside: IsInside = lambda folder, path: True
) -> Sanitized:
    """Apply the sanitizers, by argument name, to the arguments and to every text inside them."""
    changes: list[SanitizedValue] = []
    problems: list[Problem] = []

    def clean(value: JsonValue, steps: tuple[object, ...], sanitizer: Sanitizer) -> JsonValue:
        match value:
            case str():
                value = _cleaned_text(value, sanitizer, pointer(steps), changes)
                return _confined(value, sanitizer.inside, pointer(steps), changes, problems, is_inside)
            case bool() | None:
                return value
            case int() | float():
                return _clamped(value, sanitizer, pointer(steps), changes)
            case list():
                return [clean(item, (*steps, index), sanitizer) for index, item in enumerate(value)]
            case dict():
                return {key: clean(item, (*steps, key), sanitizer) for key, item in value.items()}
            case _:
                return value

    cleaned: JsonObject = {}
    for name, value in arguments.items():
        sanitizer = sanitizers.get(name) or sanitizers.get(EVERY)
        cleaned[name] = clean(value, (name,), sanitizer) if sanitizer is not None else value
    return Sanitized(cleaned, tuple(changes), tuple(problems))


def _cleaned_text(text: str, sanitizer: Sanitizer, path: str, changes: list[SanitizedValue]) -> str:
    if sanitizer.strip_control:
        text = _changed("strip_control", path, text, "".join(filter(_is_kept, text)), changes)
    if sanitizer.trim:
        text = _changed("trim", path, text, text.strip(), changes)
    return text


def _changed(by: str, path: str, before: str, after: str, changes: list[SanitizedValue]) -> str:
    if after != before:
        changes.append(SanitizedValue(path, by, before, after))
    return after


def _is_kept(character: str) -> bool:
    if character in "\n\r\t":
        return True
    return unicodedata.category(character) != "Cc" and not _INVISIBLE.match(character)


def _clamped(number: float, sanitizer: Sanitizer, path: str, changes: list[SanitizedValue]) -> float:
    after = number
    if sanitizer.least is not None and number < sanitizer.least:
        after = sanitizer.least
    elif sanitizer.most is not None and number > sanitizer.most:
        after = sanitizer.most
    else:
        return number
    if isinstance(number, int) and float(after).is_integer():
        after = int(after)
    changes.append(SanitizedValue(path, "clamp", number, after))
    return after


def _confined(
    text: str, folder: str, path: str, changes: list[SanitizedValue], problems: list[Problem], is_inside: IsInside
) -> str:
    if not folder:
        return text
    straight = posixpath.normpath(text.replace("\\", "/"))
    home = posixpath.normpath(folder.replace("\\", "/"))
    is_below = straight == home or straight.startswith(f"{home}/") or home == "."
    if (
        not text
        or "\0" in text
        or straight.startswith(("/", "~", ".."))
        or re.match(r"[A-Za-z]:", straight)
        or not is_below
        or not is_inside(home, straight)
    ):
        problems.append(Problem(path, f"the path has to lie inside the folder {home!r}", "inside"))
        return text
    return _changed("inside", path, text, straight, changes)
