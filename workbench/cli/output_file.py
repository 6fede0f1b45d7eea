"""Writing the files that a command was asked for."""

from pathlib import Path

from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.store.tool_file import write_whole


def put_file(path: Path, text: str, terminal: Terminal) -> None:
    """Write a file in one step, and say so. What is not a file, such as a pipe or /dev/stdout, is written as it is.

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
