"""The text of a request body: compact, keys in the order they were put in, raw JSON pieces embedded unchanged."""

import json
from typing import Any

import msgspec

from workbench.core.json_text import JsonObject, JsonValue

_ENCODER = msgspec.json.Encoder()


def raw_json(text: str) -> JsonValue:
    """A JSON text to be embedded in a body exactly as it is."""
    raw: Any = msgspec.Raw(text.encode())
    value: JsonValue = raw
    return value


def body_text(body: JsonObject) -> str:
    """`body` as JSON. What `raw_json` put into it is kept byte for byte.

    What UTF-8 cannot carry (half of a surrogate pair, as a tool may print it) becomes U+FFFD.
    """
    try:
        return _ENCODER.encode(body).decode()
    except (UnicodeEncodeError, OverflowError):
        return json.dumps(_plain(body), ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    match value:
        case msgspec.Raw():
            return json.loads(bytes(value))
        case str():
            return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        case dict():
            return {_plain(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value
