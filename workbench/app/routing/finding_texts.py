"""The texts of a tool that routing finds it by, edited in its file; everything else in the file stays as it is."""

from pathlib import Path

from workbench.app.schema_editor.tool_editing import bytes_of
from workbench.app.tools.tool_changes import Undoable, change_files, tool_path
from workbench.core.errors import UsageError
from workbench.core.json_edit import remove, set_value
from workbench.core.json_text import JsonValue, parse_strict_object
from workbench.core.tool import KNOWN_KEYS

_BOM = b"\xef\xbb\xbf"


def edit_finding_texts(project_folder: Path, name: str, search_text: str, examples: tuple[str, ...]) -> Undoable:
    """Give a tool this search text and these examples; what is empty is taken out.

    Raises `UsageError` when the tool has no file in the project, `StoreError` when it cannot be written.
    """
    return change_files(
        f"Edited how {name} is found", dict([with_finding_texts(project_folder, name, search_text, examples)])
    )


def with_finding_texts(
    project_folder: Path, name: str, search_text: str, examples: tuple[str, ...]
) -> tuple[Path, bytes]:
    """The file of a tool, and what it would hold with this search text and these examples. Raises `UsageError` when the
    tool has no file in the project."""
    path = tool_path(project_folder, name)
    held = bytes_of(path) if path is not None else None
    if path is None or held is None:
        raise UsageError(f"{name} has no file in this project")
    text = held.decode("utf-8-sig")
    wanted: dict[str, JsonValue] = {"searchText": search_text.strip(), "examples": list[JsonValue](examples)}
    for key, value in wanted.items():
        if value:
            text = set_value(text, f"/{key}", value, order=KNOWN_KEYS)
        elif key in parse_strict_object(text):
            text = remove(text, f"/{key}")
    mark = _BOM if held.startswith(_BOM) else b""
    return path, mark + text.encode()
