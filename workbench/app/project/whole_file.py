"""Writing a file that a person asked for, whole or not at all."""

from pathlib import Path

from workbench.store.tool_file import write_whole as _write_whole


def write_whole(path: Path, text: str) -> None:
    """Put `text` into `path` as UTF-8; what was there before stays until all of it is written. Raises `OSError`."""
    _write_whole(path, text)
