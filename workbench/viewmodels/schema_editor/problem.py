"""What is wrong with a tool while it is edited, with its place in the form and in the text."""

from dataclasses import dataclass
from typing import Literal

from workbench.core.json_place import JsonPlaces

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """`path` is a pointer into the document; `on_key` says that the key itself is meant, not its value."""

    severity: Severity
    path: str
    message: str
    on_key: bool = False


@dataclass(frozen=True)
class EditorProblem:
    """A finding with its place in the text: characters `start` to `end`, line and column from 1."""

    severity: Severity
    message: str
    path: str
    start: int
    end: int
    line: int
    column: int

    @property
    def place(self) -> str:
        """The place, for a list."""
        return f"line {self.line}, column {self.column}"


def placed(finding: Finding, places: JsonPlaces) -> EditorProblem:
    """The finding at its place, or at the nearest thing that is there."""
    node = places.node(finding.path)
    nearest = node or places.nearest(finding.path)
    start, end = (0, 1)
    if nearest is not None:
        is_key = nearest.key_start >= 0 and (finding.on_key or node is None)
        start, end = (nearest.key_start, nearest.key_end) if is_key else (nearest.start, nearest.end)
        if nearest.kind in ("object", "array") and not is_key:
            end = start + 1
    line, column = places.line_column(start)
    return EditorProblem(finding.severity, sentence(finding.message), finding.path, start, end, line, column)


def sentence(words: str) -> str:
    """With a capital letter in front."""
    return words[:1].upper() + words[1:]
