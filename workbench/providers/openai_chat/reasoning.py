"""What servers send in addition to the content of a message: reasoning under keys of their own, and sealed fields.

All of it goes back under the key it came in, an empty text too: some vendors refuse a message that lacks the key. Of
reasoning that comes under several keys, one is shown.
"""

from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.door import objects_of, text_of

_SHOWN_FIRST = ("reasoning_content", "reasoning", "reasoning_text", "thinking", "reasoning_details", "thinking_blocks")
_KEPT = frozenset({"extra_content", "provider_specific_fields", "thought_signature", *_SHOWN_FIRST})
_TEXT_KEYS = ("text", "summary", "thinking")


class GrowingFields:
    """Takes the fields of deltas, or of a whole message."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}
        self._values: JsonObject = {}
        self._shown_key = ""
        self._shadows: set[str] = set()
        self._shown: list[str] = []

    def copy(self) -> JsonObject:
        """What goes back."""
        return {**{key: "".join(pieces) for key, pieces in self._texts.items()}, **self._values}

    def has(self, key: str) -> bool:
        """Whether something has come under this key."""
        return key in self._texts or key in self._values

    def grow(self, delta: JsonObject) -> str:
        """Add those of one delta; returns the reasoning to be shown."""
        found = [key for key in delta if key in _KEPT or key.startswith("reasoning")]
        found.sort(key=lambda key: _SHOWN_FIRST.index(key) if key in _SHOWN_FIRST else len(_SHOWN_FIRST))
        texts: dict[str, str] = {}
        for key in found:
            value = delta[key]
            if value is not None:
                texts[key] = _words(value) if "reasoning" in key or "thinking" in key else ""
                self._keep(key, value)
        added = self._to_show({key: text for key, text in texts.items() if text})
        self._shown.append(added)
        return added

    def _to_show(self, texts: dict[str, str]) -> str:
        if not texts:
            return ""
        self._shown_key = self._shown_key or next(iter(texts))
        if self._shown_key in texts:
            self._shadows.update(texts.keys() - {self._shown_key})
            return texts[self._shown_key]
        shown = "".join(self._shown)
        return next((text for key, text in texts.items() if key not in self._shadows and text != shown), "")

    def _keep(self, key: str, value: JsonValue) -> None:
        if isinstance(value, str):
            self._texts.setdefault(key, []).append(value)
            return
        before = self._values.get(key)
        if isinstance(value, list):
            entries = before if isinstance(before, list) else []
            for entry in value:
                _merge(entries, entry, is_first=before is None)
            self._values[key] = entries
        elif isinstance(before, dict) and isinstance(value, dict):
            before.update(value)
        else:
            self._values[key] = value


def _merge(entries: list[JsonValue], entry: JsonValue, *, is_first: bool) -> None:
    """Add a fragment to the entry it continues: the one of its index, else the last one, of the same type.

    In the first list, entries without an index are entries of their own.
    """
    open_entry = _open(entries, entry) if isinstance(entry, dict) else None
    if open_entry is None or not isinstance(entry, dict) or (is_first and "index" not in entry):
        entries.append(entry)
        return
    for key, value in entry.items():
        before = open_entry.get(key)
        if key in _TEXT_KEYS and isinstance(before, str):
            open_entry[key] = before + text_of(value)
        elif value not in (None, "") or key not in open_entry:
            open_entry[key] = value


def _open(entries: list[JsonValue], entry: JsonObject) -> JsonObject | None:
    """The entry that `entry` is a fragment of. Sealed data comes whole; only words and signatures come in pieces."""
    if "data" in entry:
        return None
    for other in reversed(objects_of(entries)):
        is_of_type = entry.get("type") in (None, other.get("type"))
        if is_of_type and other.get("index") == entry.get("index"):
            is_other = bool(entry.get("id") and other.get("id")) and entry["id"] != other["id"]
            return None if is_other or "data" in other else other
        if "index" not in entry:
            return None
    return None


def _words(value: JsonValue) -> str:
    if isinstance(value, (list, dict)):
        texts = (entry.get(key) for entry in objects_of(value) for key in _TEXT_KEYS)
        return "".join(text for text in texts if isinstance(text, str))
    return text_of(value)
