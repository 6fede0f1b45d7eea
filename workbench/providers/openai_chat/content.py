"""The content of an assistant's message as it grows: a text, or a list of parts as a few servers send it.

Mistral puts its thinking there, as separate parts, and requires them back in their places.
"""

from typing import Literal

from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.door import objects_of, text_of

ShownPart = Literal["text", "reasoning", "refusal"]
_SHOWN_AS: dict[str, ShownPart] = {
    "text": "text",
    "output_text": "text",
    "thinking": "reasoning",
    "reasoning": "reasoning",
    "refusal": "refusal",
}
_TEXT_KEYS = ("text", "thinking", "reasoning", "summary", "refusal", "content")


class GrowingContent:
    """Takes the contents of deltas, or of a whole message."""

    def __init__(self) -> None:
        self._parts: list[JsonObject] = []
        self._text: list[str] = []

    def grow(self, content: JsonValue) -> list[tuple[ShownPart, str]]:
        """Add one; returns what is shown of it, and as what."""
        if not isinstance(content, (list, dict)):
            text = text_of(content)
            if not text:
                return []
            self._text.append(text)
            return [("text", text)]
        self._end_text()
        shown: list[tuple[ShownPart, str]] = []
        for part in objects_of(content):
            kind = text_of(part.get("type")) or "text"
            _add(self._parts, {"type": kind, **part})
            text = _text(part)
            if text and kind in _SHOWN_AS:
                shown.append((_SHOWN_AS[kind], text))
        return shown

    def copy(self) -> JsonValue:
        """What goes back: plain text if it is only text, since small servers know no parts."""
        self._end_text()
        if all(part.keys() == {"type", "text"} and part["type"] == "text" for part in self._parts):
            return "".join(map(_text, self._parts))
        return [part for part in self._parts if part["type"] != "text" or _text(part)]

    def _end_text(self) -> None:
        if self._text:
            _add(self._parts, {"type": "text", "text": "".join(self._text)})
            self._text = []


def _add(parts: list[JsonObject], part: JsonObject) -> None:
    """Add a piece to the part it continues: the one before, if it has the same type."""
    last = parts[-1] if parts else None
    keys = [key for key in _TEXT_KEYS if key in part]
    if last is None or last["type"] != part["type"] or not keys or any(key not in last for key in keys):
        parts.append(part)
        return
    for key, value in part.items():
        before = last.get(key)
        if key in keys and isinstance(before, list) and isinstance(value, list):
            inner = objects_of(before)
            for piece in objects_of(value):
                _add(inner, {"type": "text", **piece})
            last[key] = list[JsonValue](inner)
        elif key in keys and isinstance(before, str):
            last[key] = before + text_of(value)
        elif value is not None:
            last[key] = value


def _text(part: JsonObject) -> str:
    """The words of a part, also where they are in parts of their own."""
    value = next((part[key] for key in _TEXT_KEYS if part.get(key)), None)
    return "".join(map(_text, objects_of(value))) if isinstance(value, (list, dict)) else text_of(value)
