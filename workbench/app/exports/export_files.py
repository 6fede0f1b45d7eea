"""Exports as files that a person chose, anywhere on the disk."""

from collections.abc import Mapping
from pathlib import Path

from workbench.app.schema_editor.tool_editing import put_bytes
from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import StoreError


def write_exports(texts: Mapping[Path, str]) -> Undoable:
    """Write each text, all or none. Raises `StoreError` naming the file that cannot be written."""
    before: dict[Path, bytes | None] = {}
    for path in texts:
        try:
            before[path] = path.read_bytes() if path.is_file() else None
        except OSError as error:
            raise StoreError(f"{path.name} cannot be read: {error.strerror or error}") from None
        if before[path] is None and path.exists():
            raise StoreError(f"{path.name} is not an ordinary file, so it was not replaced")
    after: dict[Path, bytes | None] = {path: text.encode() for path, text in texts.items()}
    done: list[Path] = []
    try:
        for path, held in after.items():
            put_bytes(path, held)
            done.append(path)
    except StoreError:
        for path in done:
            put_bytes(path, before[path])
        raise
    first = next(iter(texts))
    return Undoable(f"Exported to {first if len(texts) == 1 else first.parent}", before, after)
