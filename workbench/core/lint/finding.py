"""What a rule found: severity, place, words and, where one is certain, a fix."""

from dataclasses import dataclass, field
from typing import Literal

from workbench.core.json_edit import remove, set_value
from workbench.core.json_text import JsonValue

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class SetValue:
    """Put a value at a pointer, replacing what is there."""

    path: str
    value: JsonValue


@dataclass(frozen=True)
class RemoveValue:
    """Take out the member or item at a pointer."""

    path: str


@dataclass(frozen=True)
class Fix:
    """Edits of one tool's document, made one after the other; `words` says in the imperative what they do."""

    words: str
    edits: tuple[SetValue | RemoveValue, ...]

    def applied(self, text: str) -> str:
        """The tool's JSON text with the edits. Raises `KeyError` where a place no longer exists."""
        for edit in self.edits:
            text = set_value(text, edit.path, edit.value) if isinstance(edit, SetValue) else remove(text, edit.path)
        return text


@dataclass(frozen=True)
class Finding:
    """`path` is a pointer into the tool's document; `on_key` says that the key itself is meant, not its value.

    `about` is what else the finding is about, such as the other tool; with rule, tool and path it tells findings apart.
    """

    severity: Severity
    path: str
    message: str
    on_key: bool = False
    rule: str = ""
    about: str = ""
    fix: Fix | None = field(default=None, hash=False)
