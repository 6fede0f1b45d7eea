"""The document: the text of one tool's file. The text is the truth; the form and the JSON view both edit it."""

import json
from collections.abc import Callable

from workbench.core.json_place import JsonFault, JsonPlaces, places
from workbench.core.json_text import MAX_CHARS, JsonObject
from workbench.viewmodels.schema_editor.edited_text import EditedText


class ToolDocument(EditedText):
    """A text with its history. While it is not a JSON object, `value` stays what it was when it last was one."""

    def __init__(self, text: str) -> None:
        self.value: JsonObject = {}
        self.good_text = "{}"
        self.places: JsonPlaces
        self.faults: tuple[JsonFault, ...] = ()
        super().__init__(text)

    @property
    def is_broken(self) -> bool:
        """Whether the text is no JSON object at the moment."""
        return bool(self.faults)

    def write(self, text: str, *, words: str = "Edit the JSON", merge: str = "", place: str = "") -> None:
        """The text is now this."""
        super().write(text, words=words, merge=merge, place=place)

    def edit(self, change: Callable[[str], str], *, words: str, place: str, merge: str = "") -> bool:
        """Apply a function from text to text; False, and nothing is changed, while the JSON is broken."""
        if self.is_broken:
            return False
        self.write(change(self.text), words=words, merge=merge, place=place)
        return True

    def _read(self) -> None:
        self.places = places(self.text)
        self.faults = self.places.faults or self._take_value()

    def _take_value(self) -> tuple[JsonFault, ...]:
        """What has a place and no fault is strict JSON; all that can still be wrong is that it is not an object."""
        if len(self.text) > MAX_CHARS:
            return (JsonFault(f"a tool of more than {MAX_CHARS:,} characters", 0, 1),)
        value = json.loads(self.text)
        if not isinstance(value, dict):
            return (JsonFault("a tool is a JSON object: { … }", 0, len(self.text.rstrip())),)
        self.value, self.good_text = value, self.text
        return ()
