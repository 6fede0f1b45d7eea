"""The side preview: what really goes over each wire, and what the conversion made of it."""

from dataclasses import dataclass

from workbench.app.models.wires import TOOL_FORMATS, WIRES
from workbench.app.schema_editor.wire_preview import (
    WireChange,
    WireChangeKind,
    WirePreview,
    sent_parameters,
    wire_preview,
)
from workbench.core.errors import ProjectError
from workbench.core.json_place import places
from workbench.core.json_text import JsonObject
from workbench.core.token_estimate import estimated_tokens
from workbench.core.tool import Tool

_FRAMES = ("", *(f"/{wire.shape.tool.frame}" for wire in WIRES if wire.shape.tool.frame))
SIGNS: dict[WireChangeKind, str] = {"added": "+", "renamed": "→", "rewritten": "~", "dropped": "−", "note": "!"}


@dataclass(frozen=True)
class LineMark:
    """A line of the preview, counted from 0, that is not as the author wrote it."""

    line: int
    kind: WireChangeKind
    words: str


@dataclass(frozen=True)
class Preview:
    """What one wire gets. `reason` says why there is nothing to show."""

    wire: str
    text: str = ""
    sent: str = ""
    changes: tuple[WireChange, ...] = ()
    """To be listed; every changed line is marked as well."""
    marks: tuple[LineMark, ...] = ()
    reason: str = ""
    tokens: int = 0
    rewritten_schema: JsonObject | None = None
    """The parameters as strict mode wants them, where that is not what the tool has."""

    @property
    def summary(self) -> str:
        """One line about the conversion."""
        if self.reason:
            return self.reason
        if not self.changes:
            return f"Sent unchanged · ≈ {self.tokens} tokens"
        counts = {kind: sum(change.kind == kind for change in self.changes) for kind in SIGNS}
        words = ", ".join(f"{count} {_COUNTED[kind]}" for kind, count in counts.items() if count)
        return f"{words} · ≈ {self.tokens} tokens"


_COUNTED = {
    "added": "added",
    "renamed": "renamed",
    "rewritten": "rewritten",
    "dropped": "not sent",
    "note": "about strict mode",
}


def preview_of(document: JsonObject, wire: str, *, strict: bool) -> Preview:
    """What `wire` gets of the tool as it is edited now."""
    try:
        tool = Tool(document)
    except ProjectError as error:
        return Preview(wire, reason=f"Nothing can be sent: {error.message}.")
    shown = wire_preview(tool, wire, strict=strict)
    rewritten = sent_parameters(shown, wire) if strict else None
    is_noted = any(change.kind == "note" for change in shown.changes)
    return Preview(
        wire,
        shown.text,
        shown.sent,
        tuple(change for change in shown.changes if not (is_noted and change.is_in_schema)),
        _marks(shown),
        tokens=estimated_tokens(shown.sent),
        rewritten_schema=rewritten if rewritten is not None and rewritten != tool.input_schema else None,
    )


def wire_names() -> tuple[tuple[str, str], ...]:
    """The wires and their names, in the order of their tabs."""
    return TOOL_FORMATS


def _marks(shown: WirePreview) -> tuple[LineMark, ...]:
    found = places(shown.text)
    marks: dict[int, LineMark] = {}
    for change in shown.changes:
        node = found.node(change.path) if change.path is not None else None
        if node is None:
            continue
        first = found.line_column(node.begin)[0] - 1
        last = found.line_column(node.end)[0] - 1
        is_whole = change.kind in ("added", "rewritten") and change.path not in _FRAMES
        for line in range(first, (last if is_whole else first) + 1):
            marks[line] = LineMark(line, change.kind, change.words)
    return tuple(marks[line] for line in sorted(marks))
