"""References inside a document: `#/components/schemas/Pet`. Nothing outside of the document is ever read."""

from collections.abc import Iterator
from urllib.parse import unquote

from workbench.core.json_text import JsonObject, JsonValue, whole_number

_MOST_STEPS = 50


class References:
    """Looks up what references point to, and remembers, for people, the ones that lead nowhere."""

    def __init__(self, document: JsonObject) -> None:
        self._document = document
        self.outside: dict[str, None] = {}
        self.broken: dict[str, None] = {}

    def target(self, reference: str) -> JsonValue:
        """What a reference points to; None if it leads out of the document or to nothing."""
        if not reference.startswith("#"):
            self.outside[reference[:120]] = None
            return None
        found: JsonValue = self._document
        for step in steps_of(reference):
            if isinstance(found, dict) and step in found:
                found = found[step]
            elif isinstance(found, list) and (place := whole_number(step)) is not None and place < len(found):
                found = found[place]
            else:
                self.broken[reference[:120]] = None
                return None
        return found

    def followed(self, value: JsonValue) -> JsonObject:
        """An object, or the one its reference leads to, even over several references; empty if they lead nowhere or are
        circular."""
        for _ in range(_MOST_STEPS):
            if not isinstance(value, dict):
                return {}
            if not isinstance(reference := value.get("$ref"), str):
                return value
            value = self.target(reference)
        return {}

    def notes(self) -> Iterator[str]:
        """What people should know of these references."""
        for words, found in (
            ("references to other files or addresses, which are not read", self.outside),
            ("references to nothing in this document", self.broken),
        ):
            if found:
                shown = ", ".join(list(found)[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
                yield f"{words}: {shown}. Any value is allowed there"


def steps_of(reference: str) -> list[str]:
    """The keys that a reference names, one after the other."""
    pointer = unquote(reference.removeprefix("#"))
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
