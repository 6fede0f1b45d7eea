"""Conditions on the arguments of a call: the name of an argument, or a JSON pointer, and a glob for its text."""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

from workbench.core.json_text import JsonObject, JsonValue, canonical, whole_number

ANY = "*"
MISSING: Final = object()
_MAX_EXACT = 2**53
"""Up to here a float stands for exactly one whole number."""
_SPECIAL = re.compile(r"([*?[])")


def fit(conditions: Mapping[str, str], arguments: JsonObject) -> bool:
    """Whether every condition's argument is there and its text fits the glob.

    A value that is not text is compared by its canonical JSON.
    """
    return all(
        (found := argument_at(arguments, name)) is not MISSING and fnmatchcase(as_text(found), glob)
        for name, glob in conditions.items()
    )


def fit_wholly(conditions: Mapping[str, str], arguments: JsonObject) -> bool:
    """Like `fit`, for permissions: every argument of the call needs a condition of its own, and an object or a list
    matches only `*`, because a glob over JSON text would let other content in between."""
    if not set(arguments) <= set(conditions):
        return False
    return all(
        glob == ANY or (name in arguments and _fits_plainly(arguments[name], glob)) for name, glob in conditions.items()
    )


def misfits(conditions: Mapping[str, str], arguments: JsonObject) -> dict[str, str]:
    """By argument, why `fit_wholly` is false; empty when it is true."""
    found = {name: "it needs its own pattern; use * for any value" for name in arguments if name not in conditions}
    for name, glob in conditions.items():
        if glob == ANY:
            continue
        if name not in arguments:
            found[name] = "the call does not have it"
        elif isinstance(arguments[name], dict | list):
            found[name] = "an object or a list matches only *"
        elif not _fits_plainly(arguments[name], glob):
            found[name] = "this call does not match it"
    return found


def glob_of(value: JsonValue) -> str:
    """The glob that fits this value and no other; empty for an object or a list, which none does."""
    return "" if isinstance(value, dict | list) else _SPECIAL.sub(r"[\1]", as_text(value))


def argument_at(arguments: JsonObject, name: str) -> object:
    """The argument of that name, or what a JSON pointer (`/filter/user`) leads to; `MISSING` when there is none."""
    if not name.startswith("/"):
        return arguments.get(name, MISSING)
    here: JsonValue = arguments
    for step in name[1:].split("/"):
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict) and key in here:
            here = here[key]
        elif isinstance(here, list) and (place := whole_number(key)) is not None and place < len(here):
            here = here[place]
        else:
            return MISSING
    return here


def as_text(value: object) -> str:
    """What a glob is compared with. A whole number has one text, however it was written: 100, 100.0 or 1e2."""
    if isinstance(value, str):
        return value
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) <= _MAX_EXACT
    return canonical(int(value) if is_whole else value)  # type: ignore[call-overload]


def _fits_plainly(value: JsonValue, glob: str) -> bool:
    return not isinstance(value, dict | list) and fnmatchcase(as_text(value), glob)
