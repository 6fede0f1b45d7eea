"""Tools as plain JSON Schema: the parameters alone, with the tool's name as their title."""

from collections.abc import Sequence

from workbench.core.export_ledger import LedgerEntry
from workbench.core.json_text import JsonObject
from workbench.core.problem import pointer
from workbench.core.tool import Tool

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NO_PLACE = "a JSON Schema describes the parameters only"


def schema_of(tool: Tool) -> tuple[JsonObject, list[LedgerEntry]]:
    """The tool as a schema with `title` and `description`, and what is lost by that."""
    own = tool.input_schema
    entries = [
        LedgerEntry(tool.name, pointer([key]), "left out", f'"{key}" is left out', _NO_PLACE)
        for key, value in tool.document.items()
        if key not in ("name", "description", "inputSchema") and value not in (None, "", [], {})
    ]
    head: JsonObject = {"$schema": own.get("$schema", DIALECT), "title": tool.name}
    if tool.description:
        head["description"] = tool.description
    entries += [
        LedgerEntry(tool.name, f"/inputSchema/{key}", "rewritten", f'"{key}" is the tool\'s own', _NO_PLACE)
        for key in ("title", "description")
        if key in own and key in head and own[key] != head[key]
    ]
    return {**head, **{key: value for key, value in own.items() if key not in head}}, entries


def bundle_of(schemas: Sequence[JsonObject]) -> JsonObject:
    """Several schemas in one document. Each has an `$id`, so that its references stay within it."""
    held: JsonObject = {}
    for schema in schemas:
        name = str(schema["title"])
        held[name] = {"$id": name, **schema}
    return {"$schema": DIALECT, "$defs": held}
