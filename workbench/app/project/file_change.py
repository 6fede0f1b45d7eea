"""A change of workbench.toml that can be undone as long as nothing else has changed the file."""

from pathlib import Path

import msgspec

from workbench.core.errors import UsageError
from workbench.core.project_folder import PROJECT_FILE
from workbench.store.tool_file import write_whole


class FileChange(msgspec.Struct, frozen=True):
    """The whole text before and after."""

    before: str
    after: str


def project_text(folder: Path) -> str:
    """The current text of workbench.toml; raises `UsageError`."""
    try:
        return (folder / PROJECT_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{PROJECT_FILE} cannot be read: {error}") from None


def take_back(folder: Path, change: FileChange) -> None:
    """Restore the file. Raises `UsageError` when something else has changed it since.

    The project must be reloaded afterwards.
    """
    if project_text(folder) != change.after:
        raise UsageError(f"{PROJECT_FILE} has changed since, so this cannot be undone", hint="Edit it by hand.")
    write_whole(folder / PROJECT_FILE, change.before)
