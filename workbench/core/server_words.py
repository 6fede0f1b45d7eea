"""What a server says about an error, in its own words, in any part of its answer. Pure.

Servers, gateways and proxies put an error into a list, into `metadata.raw`, into text inside JSON, or into a web page.
Nothing here is shortened: keys are taken out first, and a cut could leave half of one.
"""

import json
import re
from collections.abc import Iterator
from html import unescape

from workbench.core.json_text import JsonObject, JsonValue, compact

_DEPTH = 8
_READ_CHARS = 300_000
_LAST_LINES, _LAST_CHARS = 6, 800
_NESTED = ("error", "errors")
_PLAIN = (
    "message", "Message", "msg", "error_message", "errorMessage", "error_description", "title", "detail",
    "description", "reason", "reasons", "generated_text",
)  # fmt: skip
_BEHIND = ("details", "fieldViolations", "innererror", "innerError", "cause", "metadata")
_LOOKS_LIKE_MARKUP = re.compile(
    r"<(!doctype|!--|html|head|body|title|h\d|center|p|div|pre|\?xml|error|\w*response)\b", re.IGNORECASE
)
_UNSEEN = ("script", "style", "svg", "noscript")


def error_object(document: JsonValue, depth: int = _DEPTH) -> JsonObject:
    """The innermost object that is the error: out of a list, from under `error`, or out of a JSON text."""
    value = unpacked(document)
    if depth <= 0:
        return {}
    if isinstance(value, list):
        return next((found for item in value if (found := error_object(item, depth - 1))), {})
    if not isinstance(value, dict):
        return {}
    inner = (error_object(value[key], depth - 1) for key in _NESTED if value.get(key))
    return next((found for found in inner if found), value)


def words_of_json(document: JsonValue) -> str:
    """The words in an error document, outermost first, each once; empty when it has none."""
    return _joined(_words(document, _DEPTH))


def words_of_body(body: bytes, content_type: str = "") -> str:
    """The words in the body of an error: of JSON, of events, of a web page or of plain text."""
    kind, _, rest = content_type.lower().partition(";")
    charset = re.search(r"charset=\"?([\w.:-]+)", rest)
    try:
        text = body.decode(charset[1] if charset else "utf-8", "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    text = text.lstrip("\ufeff").replace("\0", "")
    if text.count("\ufffd") * 10 > len(text) + 10:
        return f"[{kind.strip() or 'no text'}, {len(body):,} bytes]"
    return words_of_text(text, is_markup="html" in kind)


def words_of_text(text: str, *, is_markup: bool = False) -> str:
    """As `words_of_body`, for text."""
    text = text[:_READ_CHARS].strip()
    value = unpacked(text)
    if not isinstance(value, str):
        return words_of_json(value) or (compact(value) if value else "")
    if text.startswith(("data:", "event:", "error:")):
        fields = [line.partition(":")[2] for line in text.splitlines() if line.startswith(("data:", "error:"))]
        return _joined([words_of_text(field) for field in fields if field.strip() != "[DONE]"])
    if is_markup or _LOOKS_LIKE_MARKUP.match(text):
        return " ".join(dict.fromkeys(_seen(text)))
    return text


def clip(text: str, limit: int = 2_000) -> str:
    """The beginning of a text, and how long it is in all."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters)"


def last_lines(text: str) -> str:
    """The end of what a process has printed, which usually shows why it gave up; empty when it printed nothing."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-_LAST_LINES:])[-_LAST_CHARS:]


def _words(document: JsonValue, depth: int) -> list[str]:
    value = unpacked(document)
    if depth <= 0 or value is None or isinstance(value, bool | int | float):
        return []
    if isinstance(value, str):
        return [words_of_text(value)]
    if isinstance(value, list):
        each = dict.fromkeys(_joined(_words(item, depth - 1)) for item in value)
        return ["; ".join(words for words in each if words)]
    found = [words for key in (*_NESTED, *_PLAIN, *_BEHIND) for words in _words(value.get(key), depth - 1)]
    if "raw" in value:  # a gateway repeats what the server behind it has said
        name = value.get("provider_name")
        raw = _joined(_words(value["raw"], depth - 1)) or compact(value["raw"])
        found.append(f"{name}: {raw}" if isinstance(name, str) and name else raw)
    place = value.get("loc") or value.get("field")
    if place and found:
        steps = place if isinstance(place, list) else [place]
        found[0] = f"{'.'.join(map(str, steps))}: {found[0]}"
    return found


def _joined(pieces: list[str]) -> str:
    """Pieces in order, without those that repeat others."""
    kept: list[str] = []
    for piece in map(str.strip, pieces):
        if piece and not any(piece in other for other in kept):
            kept = [*(other for other in kept if other not in piece), piece]
    text = ""
    for piece in kept:
        text += (" " if text.endswith((".", "!", "?", ":", ";")) else ": ") + piece if text else piece
    return text


def unpacked(value: JsonValue) -> JsonValue:
    """The JSON inside a text that is JSON; any other value as it is."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        inner: JsonValue = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return inner


def _seen(page: str) -> Iterator[str]:
    """The texts between the tags of a page, without scripts and styles."""
    low = page.lower()
    at = 0
    while at < len(page):
        start = page.find("<", at)
        text = " ".join(unescape(page[at : start if start >= 0 else len(page)]).split())
        if text:
            yield text
        if start < 0:
            return
        unseen = next((name for name in _UNSEEN if low.startswith(name, start + 1)), "")
        end = low.find(f"</{unseen}" if unseen else "-->" if page.startswith("<!--", start) else ">", start + 1)
        if end < 0:
            return
        at = end if unseen else end + (3 if page.startswith("<!--", start) else 1)
