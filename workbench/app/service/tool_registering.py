"""A tool that a client sends becomes a file of the project."""

from pathlib import Path

from workbench.app.imports.tool_adding import target_of
from workbench.app.tools.tool_changes import change_files
from workbench.core.errors import UsageError
from workbench.core.foreign_shape import check_shape
from workbench.core.json_text import JsonObject
from workbench.core.tool import PORTABLE_NAME, Tool
from workbench.store.tool_file import tool_text


def register_tool(folder: Path, document: JsonObject) -> str:
    """Write the file, and return the tool's name; nothing runs the tool yet. A taken name gets a number. A tool that
    already exists stays, and no name is returned. Raises `UsageError` for what is not a tool, `ProjectError` for
    another shape, `StoreError`."""
    check_shape(document)
    name = document.get("name")
    if not isinstance(name, str) or not PORTABLE_NAME.fullmatch(name):
        raise UsageError(f"{str(name)[:80]!r} cannot be a tool's name", hint="Use 1 to 64 letters, digits, _ or -.")
    if not isinstance(document.get("inputSchema"), dict):
        raise UsageError("a tool needs an inputSchema that is an object")
    path = target_of(folder, Tool(document))
    if path is None:
        return ""
    change_files(f"Added {path.stem}", {path: tool_text(Tool({**document, "name": path.stem})).encode()})
    return path.stem
