"""Where the fields of a JSON object lie in its text, also when the text stops in the middle.

One reading of the final text gives the state at every earlier moment: a field has begun when the text is longer
than `begins`, and is complete when it reaches `ends`.
"""

import re

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonValue, json_in, parse_strict

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}\[{\":]+")
_NESTED = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|"|[{}\[\]]', re.DOTALL)


class GrowingField(msgspec.Struct, frozen=True):
    """A field at the top of the object. `text[begins:ends]` is its value; `ends` is None while it is open.

    `is_json` is False when the value came to its end and is not strict JSON; `value` is None then.
    """

    name: str
    begins: int
    ends: int | None = None
    value: JsonValue = None
    is_json: bool = True


class GrowingObject(msgspec.Struct, frozen=True):
    """The fields in reading order. `ends` is where the object closed, None when it did not, or not as an object."""

    fields: tuple[GrowingField, ...] = ()
    ends: int | None = None


def read_growing_object(text: str) -> GrowingObject:
    """The fields as far as they can be read; reading stops without an error at anything that is not a JSON object."""
    fields: list[GrowingField] = []
    at = _after_space(text, 0)
    if text[at : at + 1] != "{":
        return GrowingObject()
    at = _after_space(text, at + 1)
    if text[at : at + 1] == "}":
        return GrowingObject((), at + 1)
    while (key := _STRING.match(text, at)) is not None:
        name = json_in(key.group())
        at = _after_space(text, key.end())
        if not isinstance(name, str) or text[at : at + 1] != ":":
            break
        begins = _after_space(text, at + 1)
        if begins >= len(text):
            break
        ends = _end_of_value(text, begins)
        if ends is None:
            fields.append(GrowingField(name, begins))
            break
        fields.append(_whole_field(name, begins, ends, text[begins:ends]))
        at = _after_space(text, ends)
        if text[at : at + 1] == "}":
            return GrowingObject(tuple(fields), at + 1)
        if text[at : at + 1] != ",":
            break
        at = _after_space(text, at + 1)
    return GrowingObject(tuple(fields))


def _whole_field(name: str, begins: int, ends: int, text: str) -> GrowingField:
    try:
        return GrowingField(name, begins, ends, parse_strict(text))
    except MalformedJson:
        return GrowingField(name, begins, ends, is_json=False)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found is not None else at


def _end_of_value(text: str, begins: int) -> int | None:
    """Where the value that begins there is over, None when the text stops before that or nothing begins there."""
    first = text[begins]
    if first == '"':
        string = _STRING.match(text, begins)
        return string.end() if string is not None else None
    if first not in "{[":
        # A number or a word is over when something else follows: 12 may become 123.
        scalar = _SCALAR.match(text, begins)
        return scalar.end() if scalar is not None and scalar.end() < len(text) else None
    depth = 0
    for token in _NESTED.finditer(text, begins):
        match token.group():
            case "{" | "[":
                depth += 1
            case "}" | "]":
                depth -= 1
                if depth == 0:
                    return token.end()
            case '"':
                return None
            case _:
                pass
    return None
