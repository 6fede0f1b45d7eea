"""Tools in a vendor's own shape, with every change the conversion makes said aloud."""

from typing import Literal

import msgspec

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.tool import Tool
from workbench.providers.tool_dialects import encode_tool_for

ExportFormat = Literal["openai-chat", "openai-responses", "anthropic", "mcp"]
FORMATS: tuple[ExportFormat, ...] = ("openai-chat", "openai-responses", "anthropic", "mcp")


class Exported(msgspec.Struct, frozen=True):
    """The exported document and, tool by tool, what is not the same as before."""

    document: JsonValue
    changes: tuple[str, ...] = ()


def export_tools(tools: list[Tool], format_name: ExportFormat, *, strict: bool = False) -> Exported:
    """The tools as `format_name` wants them. MCP is the neutral shape and loses nothing."""
    if format_name == "mcp":
        return Exported({"tools": [tool.document for tool in tools]})
    documents: list[JsonValue] = []
    changes: list[str] = []
    for tool in tools:
        document, notes = _encoded(tool, format_name, strict=strict)
        documents.append(document)
        changes += [f"{tool.name}: {note}" for note in notes]
    return Exported(documents, tuple(changes))


def _encoded(tool: Tool, format_name: ExportFormat, *, strict: bool) -> tuple[JsonObject, tuple[str, ...]]:
    return encode_tool_for(format_name, tool, strict=strict or bool(tool.strict))
