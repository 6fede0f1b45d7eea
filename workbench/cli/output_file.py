"""Writing the output files of a command."""

from pathlib import Path

from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.store.tool_file import write_whole


def put_file(path: Path, text: str, terminal: Terminal) -> None:
    """Write a file atomically, and say so. A pipe or device, such as /dev/stdout, is written to directly.

    Raises `UsageError` for one that cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8") as file:
                file.write(text)
        else:
            write_whole(path.resolve(), text)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None
    terminal.complain(f"wrote {path}", "dim")
