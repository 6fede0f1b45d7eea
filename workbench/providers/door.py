"""The entry point for what a vendor sends: the result has the types the log promises, whatever the JSON held.

The rules are the same for every wire:

- JSON is read as servers really write it: with NaN and Infinity, with halves of surrogate pairs, with bare control
  characters. What is no JSON at all stays malformed.
- An id, a name or a piece of text may come as a number or as null; it becomes text.
- Arguments may come as a value instead of a text; they become the text of that value.
- A count may come as a float or in quotes; what is negative or no number is unknown.
- Half of a surrogate pair waits for the other half in the next piece; without one it becomes U+FFFD, and the response
  says so.
- A response goes into the log as it will be read from it, or not at all.
"""

import json
import math
import re
from typing import NoReturn

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelResponse, StreamItem, Usage
from workbench.core.json_text import JsonObject, JsonValue, compact, without_surrogates

MAX_COUNT = 2**53
_HALF = re.compile("[\ud800-\udfff]")
_FIRST_HALF = re.compile("[\ud800-\udbff]$")
_REPLACEMENT = "\ufffd"
_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(ModelResponse)


def json_value(data: bytes) -> JsonValue:
    """The value in `data`; raises ValueError where it is not JSON."""
    try:
        value: JsonValue = msgspec.json.decode(data)
        return value
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        value = json.loads(data.decode("utf-8", "surrogatepass"), strict=False)
        return value
    except (ValueError, RecursionError):
        pass
    raise ValueError("not JSON")  # outside of the handlers, so that no traceback holds the text


def object_in(data: bytes) -> JsonObject:
    """The object in `data`; an empty one where it is not JSON, or something else."""
    try:
        return object_of(json_value(data))
    except ValueError:
        return {}


def text_of(value: JsonValue) -> str:
    """An id, a name or a piece of text: as it is, a number in digits, nothing for null, anything else as JSON."""
    match value:
        case str():
            return value
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return compact(value)


def arguments_of(value: JsonValue) -> str:
    """The text of a call's arguments, exactly as received where it is text."""
    return value if isinstance(value, str) else "" if value is None else compact(value)


def object_of(value: JsonValue) -> JsonObject:
    """An object where one belongs; anything else counts as an empty one."""
    return value if isinstance(value, dict) else {}


def objects_of(value: JsonValue) -> list[JsonObject]:
    """The objects in a list; an object alone counts as a list of one. Some languages write a list whose first numbers
    are missing as an object with the numbers for keys."""
    if isinstance(value, dict) and value and all(key.isdecimal() for key in value):
        value = list(value.values())
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def count_of(value: JsonValue) -> int | None:
    """A number of tokens, or an index: whole, not negative, and no larger than any program can hold; else None."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return int(number) if math.isfinite(number) and 0 <= number <= MAX_COUNT else None


def usage_of(
    *,
    read: JsonValue,
    written: JsonValue,
    cached: JsonValue = None,
    cache_written: JsonValue = None,
    reasoning: JsonValue = None,
) -> Usage | None:
    """The counts as far as they are known; None where neither what was read nor what was written is."""
    counts = [count_of(count) for count in (read, written, cached, cache_written, reasoning)]
    if counts[0] is None and counts[1] is None:
        return None
    return Usage(*(count or 0 for count in counts))


class WholeCharacters:
    """Deltas in which no character is torn: the first half of a pair waits for the piece that brings the second."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, int], Delta] = {}

    def through(self, delta: Delta) -> Delta | None:
        """`delta` with all its characters whole, as far as they are there; None where nothing is left to show."""
        text = delta.text
        if not self._waiting and (text.isascii() or not _HALF.search(text)) and delta.tool.isascii():
            return delta
        place = (delta.type, delta.index)
        before = self._waiting.pop(place, None)
        if before is not None:
            text = before.text + text
        half = _FIRST_HALF.search(text)
        if half is not None:
            self._waiting[place] = msgspec.structs.replace(delta, text=half[0])
            text = text[:-1]
        if not text and delta.type != "call":
            return None
        return msgspec.structs.replace(delta, text=whole_text(text), tool=whole_text(delta.tool))

    def is_plain(self, delta: Delta) -> bool:
        """Whether nothing waits, and `delta`, whose text is ASCII, can be passed on as it is."""
        return not self._waiting and delta.tool.isascii()

    def rest(self) -> list[Delta]:
        """The halves that no piece has completed."""
        waiting, self._waiting = self._waiting, {}
        return [msgspec.structs.replace(delta, text=_REPLACEMENT) for delta in waiting.values()]


def whole_text(text: str) -> str:
    """`text` with U+FFFD for each half of a character."""
    whole = without_surrogates(text)
    assert isinstance(whole, str)
    return whole


def as_recorded(response: ModelResponse) -> ModelResponse:
    """`response` as it will be read from the log. Raises `ProviderFailure` where it could not be read from it."""
    try:
        return _DECODER.decode(_ENCODER.encode(response))
    except UnicodeEncodeError:
        pass
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError, RecursionError):
        _cannot_be_kept()
    try:
        plain = msgspec.to_builtins(response)
        fixed: JsonObject = without_surrogates(plain)  # type: ignore[assignment]
        lost = _count(fixed["parts"]) - _count(plain["parts"])
        if lost:
            fixed["remarks"] = [*response.remarks, _lost_halves(lost)]
        return _DECODER.decode(_ENCODER.encode(fixed))
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError, RecursionError):
        _cannot_be_kept()


def guarded_items(items: list[StreamItem], whole: WholeCharacters) -> list[StreamItem]:
    """What a fold gave, as it may be passed on: deltas with whole characters, a response as it will be recorded."""
    if len(items) == 1 and isinstance(item := items[0], Delta) and item.text.isascii() and whole.is_plain(item):
        return items
    found: list[StreamItem] = []
    for item in items:
        if isinstance(item, Delta):
            delta = whole.through(item)
            if delta is not None:
                found.append(delta)
        else:
            found += whole.rest()
            found.append(as_recorded(item))
    return found


def _cannot_be_kept() -> NoReturn:
    raise ProviderFailure(
        "The answer holds values that cannot be recorded.", kind="malformed", hint="Send the message again."
    )


def _count(value: JsonValue) -> int:
    match value:
        case str():
            return value.count(_REPLACEMENT)
        case list() | tuple():
            return sum(map(_count, value))
        case dict():
            return sum(_count(key) + _count(item) for key, item in value.items())
        case _:
            return 0


def _lost_halves(count: int) -> str:
    places = "one place" if count == 1 else f"{count} places"
    return f"The answer held half of a surrogate pair in {places}, which no text can hold. U+FFFD is there instead."
