"""One tool as it goes over each wire, with everything that differs from the author's text."""

from typing import Literal

import msgspec

from workbench.app.models.wires import MCP, wire_named
from workbench.core.json_difference import Difference, differences
from workbench.core.json_place import parent
from workbench.core.json_text import JsonObject, compact, pretty
from workbench.core.request_shape import ToolShape
from workbench.core.tool import KNOWN_KEYS, Tool

WireChangeKind = Literal["dropped", "renamed", "added", "rewritten", "note"]


class WireChange(msgspec.Struct, frozen=True):
    """One change by the conversion. `path` leads into what is sent, and is None for what is not sent at all.

    Inside the schema, the notes of strict mode say the same in their own words.
    """

    kind: WireChangeKind
    words: str
    path: str | None = None
    is_in_schema: bool = False


class WirePreview(msgspec.Struct, frozen=True):
    """`text` is for reading; `sent` is the same JSON as in a request."""

    text: str
    sent: str
    document: JsonObject
    changes: tuple[WireChange, ...]


def wire_preview(tool: Tool, format_name: str, *, strict: bool = False) -> WirePreview:
    """The tool as in a request in one of `wires.TOOL_FORMATS`; with `strict`, rewritten as in a strict export."""
    if format_name == MCP:
        return WirePreview(pretty(tool.document), compact(tool.document), tool.document, ())
    wire = wire_named(format_name)
    sent, notes = wire.define(tool, strict=strict)
    changes = (*_changes(tool, wire.shape.tool, sent), *(WireChange("note", str(note)) for note in notes))
    return WirePreview(pretty(sent), compact(sent), sent, changes)


def sent_parameters(shown: WirePreview, format_name: str) -> JsonObject | None:
    """The schema as it is sent; None for the neutral shape, which is never rewritten."""
    if format_name == MCP:
        return None
    return wire_named(format_name).shape.tool.schema(shown.document)


def strict_notes(tool: Tool, wire_id: str) -> tuple[tuple[str, str], ...]:
    """What a vendor's strict mode requires or may refuse in a schema: pointers and words."""
    wire = wire_named(wire_id)
    document, notes = wire.define(tool, strict=True)
    schema = wire.shape.tool.schema(document)
    over = wire.load(True).strict_limits([schema] if schema is not None else [])
    return (*((note.path, note.requirement or note.words) for note in notes), *(("", words) for words in over))


def _changes(tool: Tool, shape: ToolShape, sent: JsonObject) -> list[WireChange]:
    frame = f"/{shape.frame}" if shape.frame else ""
    held = shape.body(sent)
    parameters = shape.parameters_key(held)
    changes = [
        WireChange("added", f'"{key}" is wrapped around it', f"/{key}") for key in sent if key in ("type", shape.frame)
    ]
    for key in held:
        if key == parameters and "inputSchema" in tool.document:
            changes.append(WireChange("renamed", f'"inputSchema" is renamed "{key}"', f"{frame}/{key}"))
        elif key not in tool.document and key not in ("type", shape.frame):
            changes.append(WireChange("added", f'"{key}" is added', f"{frame}/{key}"))
    for key in shape.left_out(tool.document, sent):
        known = "" if key in KNOWN_KEYS else ", unknown to the workbench,"
        changes.append(WireChange("dropped", f'"{key}"{known} is not sent'))
    return [*changes, *schema_changes(tool, shape, sent)]


def schema_changes(tool: Tool, shape: ToolShape, sent: JsonObject) -> list[WireChange]:
    """The differences in the sent parameters."""
    if "inputSchema" not in tool.document:
        return []
    held = shape.body(sent)
    parameters = shape.parameters_key(held)
    top = f"/{shape.frame}/{parameters}" if shape.frame else f"/{parameters}"
    return [_schema_change(difference, top) for difference in differences(tool.input_schema, held.get(parameters), top)]


def _schema_change(difference: Difference, top: str) -> WireChange:
    above, key = parent(difference.path)
    place = above.removeprefix(top) or "/"
    match difference.kind:
        case "added":
            return WireChange("added", f'"{key}" is added at {place}', difference.path, True)
        case "removed":
            return WireChange("dropped", f'"{key}" is left out at {place}', is_in_schema=True)
        case "changed":
            return WireChange("rewritten", f'"{key}" is rewritten at {place}', difference.path, True)
        case "reordered":
            return WireChange("rewritten", f"the keys at {place} are in a different order", difference.path, True)
