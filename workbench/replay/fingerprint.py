"""When do two requests count as the same? A declared list of what does not matter; everything else does.

The order of keys and the spaces between them never matter. What is ignored is written down here and nowhere else.
"""

from typing import Any, assert_never

import msgspec

from workbench.core.ids import WireFormat
from workbench.core.json_difference import Difference, differences
from workbench.core.json_text import JsonValue, compact, digest

IGNORED_KEYS: dict[str, str] = {
    "stream": "how the answer travels",
    "stream_options": "how the answer travels",
    "user": "who asks, for the vendor's statistics",
    "metadata": "for the vendor's statistics",
    "safety_identifier": "who asks, for the vendor's statistics",
    "prompt_cache_key": "where the vendor keeps its cache",
    "max_tokens": "the output limit, which older logs do not hold",
    "max_completion_tokens": "the output limit, which older logs do not hold",
    "max_output_tokens": "the output limit, which older logs do not hold",
    "max_new_tokens": "the output limit, which older logs do not hold",
}
"""Keys at the top of a request's body that do not change what is asked, each with the reason."""

OWN_ID_KEYS: dict[str, frozenset[str]] = {"scripted": frozenset({"call_id"})}
"""Keys that hold our own ids, at any depth, by wire format. They differ from run to run."""

_SHOWN_CHARS = 80


def fingerprint(wire_format: WireFormat, body_json: str) -> str:
    """Equal for two requests exactly when they count as the same. A body that is not JSON is compared as it is."""
    return digest([wire_format, significant(wire_format, body_json)])


def significant(wire_format: WireFormat, body_json: str) -> JsonValue:
    """The body less everything that is ignored."""
    try:
        body: Any = msgspec.json.decode(body_json)
    except msgspec.DecodeError:
        return body_json
    if isinstance(body, dict):
        body = {key: value for key, value in body.items() if key not in IGNORED_KEYS}
    own = OWN_ID_KEYS.get(wire_format)
    kept: JsonValue = _without(body, own) if own else body
    return kept


def request_difference(wire_format: WireFormat, recorded_json: str, sent_json: str) -> str:
    """Where two bodies first differ in something that matters, for people; empty when they count as the same."""
    found = request_differences(wire_format, recorded_json, sent_json)
    return _in_words(found[0]) if found else ""


def request_differences(wire_format: WireFormat, recorded_json: str, sent_json: str) -> tuple[Difference, ...]:
    """Everything that matters and differs, in the order of the sent body."""
    recorded, sent = significant(wire_format, recorded_json), significant(wire_format, sent_json)
    if _sorted(recorded) == _sorted(sent):  # long conversations are compared in a moment when they are the same
        return ()
    every = differences(recorded, sent)
    return tuple(difference for difference in every if difference.kind != "reordered")


def _sorted(value: JsonValue) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def _without(value: Any, keys: frozenset[str]) -> Any:
    match value:
        case dict():
            return {key: _without(item, keys) for key, item in value.items() if key not in keys}
        case list():
            return [_without(item, keys) for item in value]
        case _:
            return value


def _in_words(difference: Difference) -> str:
    place = difference.path or "the whole body"
    match difference.kind:
        case "added":
            return f"{place} is new: {_short(difference.new)}"
        case "removed":
            return f"{place} is gone: {_short(difference.old)}"
        case "changed" | "reordered":
            return f"{place} was {_short(difference.old)} and is {_short(difference.new)}"
        case _:
            assert_never(difference.kind)


def _short(value: JsonValue) -> str:
    text = compact(value)
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"
