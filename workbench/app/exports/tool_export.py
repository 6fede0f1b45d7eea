"""Tools in a vendor's own shape, with every change the conversion makes said aloud."""

import msgspec

from workbench.app.models.wires import MCP, wire_named
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.tool import Tool


class Exported(msgspec.Struct, frozen=True):
    """The exported document and, tool by tool, what is not the same as before and what may be refused."""

    document: JsonValue
    changes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def export_tools(tools: list[Tool], format_name: str, *, strict: bool = False) -> Exported:
    """The tools as `format_name` (of `wires.TOOL_FORMATS`) wants them. MCP is the neutral shape and loses nothing."""
    if format_name == MCP:
        return Exported({"tools": [tool.document for tool in tools]})
    wire = wire_named(format_name)
    documents: list[JsonValue] = []
    strict_schemas: list[JsonObject] = []
    changes: list[str] = []
    remarks: list[str] = []
    for tool in tools:
        is_strict = strict or bool(tool.strict)
        document, notes = wire.define(tool, strict=is_strict)
        documents.append(document)
        for note in notes:
            (changes if note.wish else remarks).append(f"{tool.name}: {note}")
        if is_strict and (schema := wire.shape.tool.schema(document)) is not None:
            strict_schemas.append(schema)
    if 0 < wire.limits.tools < len(tools):
        remarks.append(
            f"{len(tools)} tools in one request may be refused; {wire.label} takes up to {wire.limits.tools}"
        )
    over = wire.load(True).strict_limits(strict_schemas)
    remarks += [f"{words} in one request of {wire.label}, and more may be refused" for words in over]
    return Exported(documents, tuple(changes), tuple(remarks))
