"""Tools in a destination's format, with a ledger of everything that differs from the tools."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from workbench.app.exports.pydantic_export import pydantic_source
from workbench.app.exports.schema_export import bundle_of, schema_of
from workbench.app.exports.typescript_export import typescript_source
from workbench.app.models.wires import MCP, TOOL_FORMATS, wire_named
from workbench.app.schema_editor.wire_preview import schema_changes
from workbench.core.export_ledger import Ledger, LedgerEntry, LedgerKind
from workbench.core.json_text import JsonObject, JsonValue, pretty
from workbench.core.problem import pointer
from workbench.core.tool import Tool
from workbench.providers.strict_schema import StrictNote
from workbench.providers.wire import Wire

JSON_SCHEMA, PYDANTIC, TYPESCRIPT = "json-schema", "pydantic", "typescript"
EXPORT_FORMATS: tuple[tuple[str, str], ...] = (
    *TOOL_FORMATS,
    (JSON_SCHEMA, "JSON Schema"),
    (PYDANTIC, "pydantic"),
    (TYPESCRIPT, "TypeScript"),
)
"""What tools can be exported as: id and name."""
_SOURCE = {PYDANTIC: pydantic_source, TYPESCRIPT: typescript_source}
_ENDINGS = {PYDANTIC: "py", TYPESCRIPT: "ts"}


class Exported(msgspec.Struct, frozen=True):
    """The text of a file, and where it differs from the tools."""

    text: str
    ledger: Ledger = ()


def takes_strict(format_name: str) -> bool:
    """Whether schemas can be rewritten for a strict mode of this format."""
    return format_name not in (MCP, JSON_SCHEMA, *_SOURCE)


def ending_of(format_name: str) -> str:
    """The file extension of this format."""
    return _ENDINGS.get(format_name, "json")


def export_tools(tools: Sequence[Tool], format_name: str, *, strict: bool = False) -> Exported:
    """The tools as one document in one of `EXPORT_FORMATS`. MCP is the neutral shape and loses nothing.

    Raises `UsageError` for an unknown format.
    """
    if format_name == MCP:
        return _document({"tools": [tool.document for tool in tools]})
    if format_name in _SOURCE:
        text, entries = _SOURCE[format_name](tools)
        return Exported(text, tuple(entries))
    if format_name == JSON_SCHEMA:
        made = [schema_of(tool) for tool in tools]
        schemas = [schema for schema, _ in made]
        document = schemas[0] if len(schemas) == 1 else bundle_of(schemas)
        return _document(document, tuple(entry for _, entries in made for entry in entries))
    return _for_wire(tools, wire_named(format_name), strict=strict)


def export_each(tools: Sequence[Tool], format_name: str, *, strict: bool = False) -> dict[str, Exported]:
    """One document per tool, by file name."""
    return {file_name([tool], format_name): export_tools([tool], format_name, strict=strict) for tool in tools}


def file_name(tools: Sequence[Tool], format_name: str) -> str:
    """The default name of a file with these tools."""
    name = tools[0].name if len(tools) == 1 else "tools"
    return f"{re.sub(r'[^A-Za-z0-9_.-]', '_', name)[:100].lstrip('.') or 'tool'}.{ending_of(format_name)}"


def _document(document: JsonValue, ledger: Ledger = ()) -> Exported:
    return Exported(pretty(document) + "\n", ledger)


def _for_wire(tools: Sequence[Tool], wire: Wire, *, strict: bool) -> Exported:
    documents: list[JsonValue] = []
    strict_schemas: list[JsonObject] = []
    ledger: list[LedgerEntry] = []
    for tool in tools:
        is_strict = strict or bool(tool.strict)
        document, notes = wire.define(tool, strict=is_strict)
        documents.append(document)
        ledger += _left_out(tool, wire, document)
        if is_strict:
            ledger += [_noted(tool, note) for note in notes]
            if (schema := wire.shape.tool.schema(document)) is not None:
                strict_schemas.append(schema)
        else:
            ledger += _rewritten(tool, wire, document)
    ledger += [LedgerEntry("", "", "may be refused", words) for words in _too_many(len(tools), strict_schemas, wire)]
    return _document(documents, tuple(ledger))


def _noted(tool: Tool, note: StrictNote) -> LedgerEntry:
    kind: LedgerKind = "rewritten" if note.requirement else "may be refused"
    why = note.requirement if note.requirement != note.words else ""
    return LedgerEntry(tool.name, f"/inputSchema{note.path}", kind, note.words, why)


def _left_out(tool: Tool, wire: Wire, document: JsonObject) -> Iterator[LedgerEntry]:
    for key in wire.shape.tool.left_out(tool.document, document):
        if key != "_meta" and tool.document[key] not in (None, "", [], {}):  # which is not for models
            why = f"{wire.label} has no place for it"
            yield LedgerEntry(tool.name, pointer([key]), "left out", f'"{key}" is left out', why)


def _rewritten(tool: Tool, wire: Wire, document: JsonObject) -> Iterator[LedgerEntry]:
    """Making the parameters an object loses nothing."""
    for change in schema_changes(tool, wire.shape.tool, document):
        if change.kind in ("dropped", "rewritten"):
            yield LedgerEntry(tool.name, "/inputSchema", "rewritten", change.words, "parameters must be an object")


def _too_many(count: int, strict_schemas: Sequence[JsonObject], wire: Wire) -> Iterator[str]:
    if 0 < wire.limits.tools < count:
        yield f"{count} tools in one request may be refused; {wire.label} takes up to {wire.limits.tools}"
    for words in wire.load(True).strict_limits(strict_schemas):
        yield f"{words} in one request of {wire.label}, and more may be refused"
