"""The text of a request body: compact, keys in the order they were put in, raw JSON pieces embedded unchanged."""

from typing import Any

import msgspec

from workbench.core.json_text import JsonObject, JsonValue, without_surrogates

_ENCODER = msgspec.json.Encoder()


def raw_json(text: str) -> JsonValue:
    """A JSON text to be embedded in a body exactly as it is."""
    raw: Any = msgspec.Raw(text.encode())
    value: JsonValue = raw
    return value


def body_text(body: JsonObject) -> str:
    """`body` as JSON. What `raw_json` put into it is kept byte for byte.

    What UTF-8 cannot carry (half of a surrogate pair, as a tool may print it) becomes U+FFFD. NaN and Infinity, which
    JSON does not have, become null.
    """
    try:
        return _ENCODER.encode(body).decode()
    except UnicodeEncodeError:
        return _ENCODER.encode(without_surrogates(body)).decode()
