"""The wait that an error's body asks for in a field of its own. Pure.

Gateways pass on the bodies of the servers behind them, so the fields are looked for on every wire. A time in a sentence
is not one: words may speak of anything.
"""

import math
import re

from workbench.core.json_text import JsonValue
from workbench.core.server_words import unpacked

_DEPTH = 8
_SECONDS = ("retrydelay", "retryafter", "retryafters", "retryafterseconds")
_MILLISECONDS = ("retryafterms", "retrydelayms", "retryaftermilliseconds")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(s|ms)?", re.ASCII)


def wait_in_body(document: JsonValue, depth: int = _DEPTH) -> float | None:
    """Seconds; the longest where several are named, None where none is."""
    value = unpacked(document)
    if depth <= 0 or not isinstance(value, list | dict):
        return None
    inner = value if isinstance(value, list) else value.values()
    found = [wait for one in inner if (wait := wait_in_body(one, depth - 1)) is not None]
    if isinstance(value, dict):
        found += [wait for key, one in value.items() if (wait := _wait(key, one)) is not None]
    return max(found, default=None)


def _wait(key: str, value: JsonValue) -> float | None:
    name = key.lower().replace("_", "").replace("-", "")
    if name in _MILLISECONDS:
        seconds = _seconds(value)
        return None if seconds is None else seconds / 1000
    return _seconds(value) if name in _SECONDS else None


def _seconds(value: JsonValue) -> float | None:
    """`3.5`, `"3.5"`, `"3.5s"`, `"500ms"` or `{"seconds": 3, "nanos": 500000000}`."""
    match value:
        case bool():
            return None
        case int() | float():
            return float(value) if math.isfinite(value) and value >= 0 else None
        case str():
            found = _DURATION.fullmatch(value.strip()[:40])
            return float(found[1]) / (1000 if found[2] == "ms" else 1) if found else None
        case dict():
            seconds, nanos = _seconds(value.get("seconds")), _seconds(value.get("nanos"))
            return None if seconds is None else seconds + (nanos or 0) / 1e9
        case _:
            return None
