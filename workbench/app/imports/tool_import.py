"""Tools from JSON in whatever shape they come: MCP's own or that of any wire, single or in a list."""

from workbench.app.models.wires import WIRES
from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.tool import PORTABLE_NAME, Tool

_LISTS = tuple(dict.fromkeys(("tools", *(key for wire in WIRES for key in wire.shape.tool.lists))))
_SCHEMAS = tuple(dict.fromkeys(("inputSchema", *(key for wire in WIRES for key in wire.shape.tool.parameters))))
_FRAMES = tuple(wire.shape.tool.frame for wire in WIRES if wire.shape.tool.frame)


def tools_in(document: JsonValue) -> tuple[Tool, ...]:
    """The tools that a document describes; none when it describes something else. Raises `ProjectError` for a tool that
    cannot be one."""
    found = [_tool(one) for one in _candidates(document)]
    return tuple(tool for tool in found if tool is not None)


def _candidates(document: JsonValue) -> list[JsonObject]:
    if isinstance(document, list):
        return _flat(document)
    if not isinstance(document, dict):
        return []
    for holder in (document, document.get("result")):
        if isinstance(holder, dict) and (rows := _listed(holder)) is not None:
            return _flat(rows)
    return [document]


def _flat(rows: list[JsonValue]) -> list[JsonObject]:
    """The objects in a list; one that holds a list itself stands for what is in it."""
    found = [(one, _listed(one)) for one in rows if isinstance(one, dict)]
    return [tool for one, inner in found for tool in ([one] if inner is None else inner) if isinstance(tool, dict)]


def _listed(holder: JsonObject) -> list[JsonValue] | None:
    return next((rows for key in _LISTS if isinstance(rows := holder.get(key), list)), None)


def _tool(document: JsonObject) -> Tool | None:
    """A tool says its name and either a schema or what it is for."""
    for frame in _FRAMES:
        if document.get("type") == frame and isinstance(inner := document.get(frame), dict):
            document = inner
            break
    name = document.get("name")
    schema_key = next((key for key in _SCHEMAS if isinstance(document.get(key), dict)), None)
    if not isinstance(name, str) or (schema_key is None and not isinstance(document.get("description"), str)):
        return None
    if not PORTABLE_NAME.fullmatch(name):
        raise ProjectError(f"{name[:80]!r} cannot be a tool's name", hint="Use 1 to 64 letters, digits, _ or -.")
    if schema_key in (None, "inputSchema"):
        return Tool(document)
    renamed = {
        "inputSchema" if key == schema_key else key: value
        for key, value in document.items()
        if not (key == "type" and value in ("function", "custom"))
    }
    return Tool(renamed)
