"""One tool as it goes over each wire, with everything that is not as the author wrote it."""

from typing import Literal

import msgspec

from workbench.core.json_difference import Difference, differences
from workbench.core.json_place import parent
from workbench.core.json_text import JsonObject, compact, pretty
from workbench.core.tool import KNOWN_KEYS, Tool
from workbench.providers.tool_dialects import encode_tool_for

Wire = Literal["openai-chat", "openai-responses", "anthropic", "mcp"]
WIRES: tuple[tuple[Wire, str], ...] = (
    ("openai-chat", "OpenAI Chat"),
    ("openai-responses", "OpenAI Responses"),
    ("anthropic", "Anthropic"),
    ("mcp", "MCP"),
)
ChangeKind = Literal["dropped", "renamed", "added", "rewritten", "note"]


class WireChange(msgspec.Struct, frozen=True):
    """One thing the conversion did. `path` leads into what is sent, and is None for what is not sent at all.

    Inside the schema, the notes of strict mode say the same in words of their own.
    """

    kind: ChangeKind
    words: str
    path: str | None = None
    is_in_schema: bool = False


class WirePreview(msgspec.Struct, frozen=True):
    """`text` is for reading; `sent` is the same JSON as it stands in a request."""

    text: str
    sent: str
    document: JsonObject
    changes: tuple[WireChange, ...]


def wire_preview(tool: Tool, wire: Wire, *, strict: bool = False) -> WirePreview:
    """The tool as a request has it on `wire`; with `strict`, rewritten for strict mode as an export does it."""
    if wire == "mcp":
        return WirePreview(pretty(tool.document), compact(tool.document), tool.document, ())
    sent, notes = encode_tool_for(wire, tool, strict=strict)
    changes = (*_changes(tool, wire, sent), *(WireChange("note", note) for note in notes))
    return WirePreview(pretty(sent), compact(sent), sent, changes)


def strict_notes(tool: Tool, wire: Wire) -> tuple[str, ...]:
    """What strict mode of a vendor would change or may refuse, as `/pointer/into/the/schema: words`."""
    return encode_tool_for(wire, tool, strict=True)[1]


def _changes(tool: Tool, wire: Wire, sent: JsonObject) -> list[WireChange]:
    frame = "/function" if wire == "openai-chat" else ""
    body = sent["function"] if frame else sent
    held: JsonObject = body if isinstance(body, dict) else {}
    parameters = "input_schema" if wire == "anthropic" else "parameters"
    carried = {"inputSchema": parameters, "name": "name", "description": "description", "strict": "strict"}
    changes = [
        WireChange("added", f'"{key}" is put around it', f"/{key}") for key in sent if key in ("type", "function")
    ]
    for key in held:
        if key == parameters and "inputSchema" in tool.document:
            changes.append(WireChange("renamed", f'"inputSchema" is called "{key}"', f"{frame}/{key}"))
        elif key not in tool.document and key not in ("type", "function"):
            changes.append(WireChange("added", f'"{key}" is added', f"{frame}/{key}"))
    for key in tool.document:
        if carried.get(key) not in held:
            known = "" if key in KNOWN_KEYS else ", which the workbench does not know,"
            changes.append(WireChange("dropped", f'"{key}"{known} is not sent'))
    return [*changes, *_schema_changes(tool, held, parameters, frame)]


def _schema_changes(tool: Tool, held: JsonObject, parameters: str, frame: str) -> list[WireChange]:
    if "inputSchema" not in tool.document:
        return []
    top = f"{frame}/{parameters}"
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
            return WireChange("rewritten", f"the keys at {place} stand in another order", difference.path, True)
