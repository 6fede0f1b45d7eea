"""YAML as JSON: what other programs write, read as values, bounded, and never as objects of a program.

Read from the parser's events instead of by its loader, so that aliases can be counted before they are expanded, a key
that is there twice is an error, and words stay words: `no` and `on` are texts, as in YAML 1.2, and so are dates.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonValue, fits_integer

MAX_NODES = 2_000_000
"""How many values a document may have with all of its aliases expanded."""
MAX_DEPTH = 200

_INTEGER = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN")
_WORDS: dict[str, JsonValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TAGS = "tag:yaml.org,2002:"


def read_yaml(text: str) -> JsonValue:
    """The one document in `text`. Raises `MalformedJson` with a place."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Builder(iter(yaml.parse(text, Loader=loader))).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        words = " ".join(part for part in (error.context, error.problem) if part)
        raise MalformedJson(words, line=mark.line + 1 if mark else 0, column=mark.column + 1 if mark else 0) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise MalformedJson(f"it cannot be read: {type(error).__name__}") from None


class _Builder:
    """Makes values of events. `_sizes` are how many values each anchor stands for, expanded."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, tuple[JsonValue, int]] = {}
        self._nodes = 0

    def document(self) -> JsonValue:
        found: JsonValue = None
        count = 0
        for event in self._events:
            name = type(event).__name__
            if name == "DocumentStartEvent":
                count += 1
                if count > 1:
                    raise _error(event, "there is more than one document in it")
                found, _ = self._value(next(self._events), 0)
        return found

    def _value(self, event: Any, depth: int) -> tuple[JsonValue, int]:
        kind = type(event).__name__
        if kind == "AliasEvent":
            return self._alias(event)
        self._count(event, 1)
        if depth > MAX_DEPTH:
            raise _error(event, f"nested deeper than {MAX_DEPTH} levels")
        before = self._nodes
        if kind != "ScalarEvent" and event.tag not in (None, "!", f"{_TAGS}map", f"{_TAGS}seq"):
            raise _error(event, f"the tag {event.tag[:60]!r} cannot be read")
        match kind:
            case "ScalarEvent":
                made: JsonValue = _scalar(event)
            case "SequenceStartEvent":
                made = self._list(depth)
            case "MappingStartEvent":
                made = self._object(depth)
            case _:
                raise _error(event, "this cannot be read")
        size = self._nodes - before + 1
        if event.anchor is not None:
            self._anchors[event.anchor] = made, size
        return made, size

    def _alias(self, event: Any) -> tuple[JsonValue, int]:
        if event.anchor not in self._anchors:  # also one that is inside of what it stands for
            raise _error(event, f"the alias *{event.anchor} refers to nothing that is complete before it")
        made, size = self._anchors[event.anchor]
        self._count(event, size)
        return made, size

    def _count(self, event: Any, size: int) -> None:
        self._nodes += size
        if self._nodes > MAX_NODES:
            raise _error(event, f"with its aliases expanded, it has more than {MAX_NODES:,} values")

    def _list(self, depth: int) -> JsonValue:
        made: list[JsonValue] = []
        while type(event := next(self._events)).__name__ != "SequenceEndEvent":
            made.append(self._value(event, depth + 1)[0])
        return made

    def _object(self, depth: int) -> JsonValue:
        made: dict[str, JsonValue] = {}
        merged: dict[str, JsonValue] = {}
        while type(event := next(self._events)).__name__ != "MappingEndEvent":
            if type(event).__name__ != "ScalarEvent":
                raise _error(event, "a key must be a string")
            key = event.value
            value, _ = self._value(next(self._events), depth + 1)
            if key == "<<" and event.implicit[0]:
                for each in value if isinstance(value, list) else [value]:
                    if not isinstance(each, dict):
                        raise _error(event, "<< merges objects only")
                    merged = {**each, **merged}
            elif key in made:
                raise _error(event, f"the key {key[:80]!r} appears twice in one object")
            else:
                made[key] = value
        return {**merged, **made} if merged else made


def _scalar(event: Any) -> JsonValue:
    text: str = event.value
    if event.tag is not None and event.tag != "!":
        name = event.tag.removeprefix(_TAGS)
        if not event.tag.startswith(_TAGS) or name not in ("str", "int", "float", "bool", "null", "timestamp"):
            raise _error(event, f"the tag {event.tag[:60]!r} cannot be read")
        if name in ("str", "timestamp"):
            return text
    elif not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        digits = text.lstrip("+-").lstrip("0") or "0"
        if not fits_integer(f"-{digits}" if text[0] == "-" else digits):
            return float(text)  # a bound that some program rounded when it wrote it
        return int(text)
    if _OTHER_BASE.fullmatch(text) and len(text) <= 18:
        return int(text, 0)
    if _NO_NUMBER.fullmatch(text):
        raise _error(event, f"{text} is not a JSON number")
    if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text


def _error(event: Any, words: str) -> MalformedJson:
    mark = event.start_mark
    return MalformedJson(words, line=mark.line + 1, column=mark.column + 1)
