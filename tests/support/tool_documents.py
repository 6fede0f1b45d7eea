"""Tools to edit: invented ones, and those of real servers where the shared fixtures are present."""

import json
from pathlib import Path

from workbench.core.json_text import JsonObject, pretty

MCP_TOOLS = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "mcp_tools"

BOOKING: JsonObject = {
    "name": "book_table",
    "title": "Book a table",
    "description": "Book a table in a restaurant. Ask for the date first.",
    "inputSchema": {
        "type": "object",
        "properties": {
            "guest": {
                "type": "object",
                "description": "Who comes",
                "properties": {
                    "name": {"type": "string", "minLength": 1},
                    "phone": {"anyOf": [{"type": "string", "pattern": "^[0-9]+$"}, {"type": "null"}], "default": None},
                },
                "required": ["name"],
            },
            "people": {"type": "integer", "minimum": 1, "maximum": 12, "default": 2},
            "room": {
                "type": "string",
                "enum": ["garden", "hall"],
                "enumDescriptions": ["Outside", "Inside"],
                "default": "hall",
            },
            "wishes": {"type": "array", "items": {"type": "string", "maxLength": 40}, "maxItems": 5},
            "payment": {"oneOf": [{"$ref": "#/$defs/card"}, {"const": "cash"}], "x-note": {"kept": [1.50]}},
        },
        "required": ["guest", "people"],
        "$defs": {"card": {"type": "object", "patternProperties": {"^n": {"type": "number"}}}},
    },
    "annotations": {"readOnlyHint": False},
    "_meta": {"team": "front"},
}


def booking_text() -> str:
    """The invented tool as its file holds it."""
    return pretty(BOOKING) + "\n"


def real_tools() -> list[JsonObject]:
    """Every tool of the shared fixtures; none where they are absent."""
    return [tool for tools in real_servers() for tool in tools]


def real_servers() -> list[list[JsonObject]]:
    """The tools of each server of the shared fixtures; none where they are absent."""
    return [json.loads(path.read_text(encoding="utf-8"))["tools"] for path in sorted(MCP_TOOLS.glob("*.json"))]
