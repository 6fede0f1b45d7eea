"""Tools in a vendor's own shape, with every change the conversion makes said aloud."""

import msgspec

from workbench.app.models.wires import MCP, wire_named
from workbench.core.json_text import JsonValue
from workbench.core.tool import Tool


class Exported(msgspec.Struct, frozen=True):
    """The exported document and, tool by tool, what is not the same as before."""

    document: JsonValue
    changes: tuple[str, ...] = ()


def export_tools(tools: list[Tool], format_name: str, *, strict: bool = False) -> Exported:
    """The tools as `format_name` (of `wires.TOOL_FORMATS`) wants them. MCP is the neutral shape and loses nothing."""
    if format_name == MCP:
        return Exported({"tools": [tool.document for tool in tools]})
    documents: list[JsonValue] = []
    changes: list[str] = []
    for tool in tools:
        document, notes = wire_named(format_name).define(tool, strict=strict or bool(tool.strict))
        documents.append(document)
        changes += [f"{tool.name}: {note}" for note in notes]
    return Exported(documents, tuple(changes))
