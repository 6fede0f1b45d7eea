"""Tool files: one JSON object a file, two spaces deep, keys in their own order, unknown keys kept."""

import os
import secrets
from pathlib import Path

from workbench.core.errors import ProjectError
from workbench.core.foreign_shape import check_shape
from workbench.core.json_text import as_object, parse_strict, pretty
from workbench.core.tool import PORTABLE_NAME, Tool


def read_tool(text: str) -> Tool:
    """The tool that a file's text describes; raises `MalformedJson` with a place, or `ProjectError`."""
    document = parse_strict(text)
    check_shape(document)
    return Tool(as_object(document))


def tool_text(tool: Tool) -> str:
    """The text of a tool's file. Reading it gives an equal tool."""
    return pretty(tool.document) + "\n"


def write_tool(folder: Path, tool: Tool) -> Path:
    """Write the tool's file into `folder`, all of it or nothing, and return its path.

    Raises `ProjectError` when its name cannot be a file name, and `OSError`.
    """
    if not PORTABLE_NAME.fullmatch(tool.name):
        raise ProjectError(f"{tool.name!r} cannot be a file name", hint="Use 1 to 64 letters, digits, _ or -.")
    path = folder / f"{tool.name}.json"
    write_whole(path, tool_text(tool))
    return path


def write_whole(path: Path, text: str, *, is_private: bool = False) -> None:
    """Replace a file in one step: a reader, or a crash, sees the old text or the new one.

    A link is replaced and not followed. The permissions of the old file stay; a new one has the usual ones, or is for
    this user only.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if is_private else 0o666)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            if path.is_file() and not path.is_symlink() and not is_private:
                temporary.chmod(path.stat().st_mode & 0o777)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
