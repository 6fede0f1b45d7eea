"""A file of a project as an editor needs it: nothing is overwritten unseen, nothing typed is lost."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from workbench.core.errors import ProjectError, StoreError
from workbench.core.project_folder import HISTORY_FOLDER
from workbench.store.small_file import read_small
from workbench.store.tool_file import write_whole

DiskState = Literal["same", "changed", "gone"]
_BOM = "\ufeff"
_DRAFTS = "drafts"


class TextFile:
    """A file. `text` is what the disk held when it was last read or written, with plain line ends."""

    def __init__(self, path: Path, project_folder: Path) -> None:
        """Raise `ProjectError` when the file cannot be read as UTF-8 text."""
        self.path = path
        self.text = ""
        self._has_bom = False
        self._newline = "\n"
        self._held: bytes | None = None
        self._drafts = project_folder / HISTORY_FOLDER / _DRAFTS
        self.reload()

    def reload(self) -> str:
        """Read the file again: its text. Raises `ProjectError` when it cannot be read."""
        try:
            held = read_small(self.path)
        except FileNotFoundError:
            raise ProjectError("the file no longer exists", where=str(self.path)) from None
        except OSError as error:
            raise ProjectError(f"the file cannot be read: {error.strerror or error}", where=str(self.path)) from None
        try:
            text = held.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ProjectError(f"the file is not UTF-8 (byte {error.start})", hint="Save it as UTF-8.") from None
        self._held = held
        self._has_bom = text.startswith(_BOM)
        text = text.removeprefix(_BOM)
        ends = text.count("\n")
        self._newline = "\r\n" if ends and text.count("\r\n") == ends else "\n"
        self.text = text.replace("\r\n", "\n") if self._newline == "\r\n" else text
        return self.text

    @property
    def disk_state(self) -> DiskState:
        """Whether the disk still holds what was last read or written."""
        found = bytes_of(self.path)
        if found is None:
            return "gone"
        return "same" if found == self._held else "changed"

    def save(self, text: str) -> None:
        """Write the file whole, as it was: byte order mark and line ends stay. Raises `StoreError`.

        Anyone who calls this has looked at `disk_state`.
        """
        held = self.encoded(text)
        if held != self._held or self.disk_state != "same":
            put_bytes(self.path, held)
        self._held, self.text = held, text
        self.drop_draft()

    def take_path(self, path: Path) -> None:
        """The file has been moved there."""
        self.drop_draft()
        self.path = path
        self._held = bytes_of(path)

    def keep_draft(self, text: str) -> None:
        """Keep a text that cannot go into the file, beside the project's history. Raises `StoreError`."""
        self.drop_draft()
        if self._drafts.is_symlink() or self._drafts.parent.is_symlink():
            raise StoreError(f"{self._drafts.name} is a link, so no draft is kept there")
        put_bytes(self._draft, text.encode("utf-8", "surrogatepass"))

    def drop_draft(self) -> None:
        """What was kept is not needed anymore."""
        for path in self._all_drafts():
            path.unlink(missing_ok=True)

    def draft(self) -> tuple[str, bool] | None:
        """A text kept from last time, and whether it was made from what the disk holds now."""
        for path in self._all_drafts():
            held = bytes_of(path)
            if held is not None:
                return held.decode("utf-8", "replace"), path == self._draft
        return None

    @property
    def _draft(self) -> Path:
        digest = hashlib.sha256(self._held or b"").hexdigest()[:16]
        return self._drafts / f"{self.path.name}.{digest}.draft"

    def _all_drafts(self) -> Iterable[Path]:
        return sorted(
            path
            for path in self._drafts.glob("*.draft")
            if path.name.removesuffix(".draft").rpartition(".")[0] == self.path.name and path.is_file()
        )

    def encoded(self, text: str) -> bytes:
        """The bytes of a text in this file: byte order mark and line ends as they were."""
        text = text.replace("\n", "\r\n") if self._newline == "\r\n" else text
        return (_BOM * self._has_bom + text).encode("utf-8", "surrogatepass")


def bytes_of(path: Path) -> bytes | None:
    """What an ordinary file of ordinary size holds; None for anything else."""
    try:
        return read_small(path)
    except (OSError, ProjectError):
        return None


def put_bytes(path: Path, held: bytes | None) -> None:
    """Write a UTF-8 file whole, or delete it; raises `StoreError`."""
    try:
        if held is None:
            path.unlink(missing_ok=True)
        else:
            write_whole(path, held.decode("utf-8", "surrogatepass"))
    except OSError as error:
        raise StoreError(f"{path.name} cannot be saved: {error.strerror or error}") from None
