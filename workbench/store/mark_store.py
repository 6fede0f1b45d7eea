"""The marks of a project: one line each in the history folder, next to the runs, append-only.

A mark that is removed gets a line that says so; removing it can be undone by writing it again.
"""

from pathlib import Path

import msgspec

from workbench.core.errors import StoreError
from workbench.core.mark import FORMAT, Mark
from workbench.store.line_file import add_lines
from workbench.store.redaction import Redactor

MARKS_FILE = "marks.jsonl"
MAX_BYTES = 20_000_000
"""More than this is not read: nobody marks that much by hand."""
LAST_MOMENT = 32_503_680_000.0
"""The year 3000: a later time is invalid and could not be shown."""


class _Removed(msgspec.Struct, frozen=True):
    removed: str


class MarkStore:
    """Reads and writes marks.jsonl in `folder`."""

    def __init__(self, folder: Path, redactor: Redactor) -> None:
        self._path = folder / MARKS_FILE
        self._redactor = redactor
        self.unreadable = 0
        """How many lines could not be read the last time; they are left where they are."""

    def all(self) -> tuple[Mark, ...]:
        """The current marks, oldest first. Raises `StoreError` when the file cannot be read."""
        marks: dict[str, Mark] = {}
        self.unreadable = 0
        for line in self._lines():
            try:
                removed = msgspec.json.decode(line, type=_Removed)
                marks.pop(removed.removed, None)
                continue
            except (msgspec.DecodeError, RecursionError):
                pass
            try:
                mark = msgspec.json.decode(line, type=Mark)
            except (msgspec.DecodeError, RecursionError):
                self.unreadable += 1
                continue
            if mark.format > FORMAT or not 0 <= mark.at < LAST_MOMENT:
                self.unreadable += 1
            else:
                marks[mark.mark_id] = mark
        return tuple(sorted(marks.values(), key=lambda mark: mark.at))

    def add(self, mark: Mark) -> None:
        """Write a mark, also one that was removed. Raises `StoreError`."""
        self._append(msgspec.json.encode(mark))

    def remove(self, mark_id: str) -> None:
        """Remove a mark; a line stays that says so. Raises `StoreError`."""
        self._append(msgspec.json.encode(_Removed(mark_id)))

    def _lines(self) -> list[bytes]:
        try:
            if not self._path.exists():
                return []
            if not self._path.is_file():
                raise StoreError(f"{self._path.name} is not a file and is not read")
            if self._path.stat().st_size > MAX_BYTES:
                raise StoreError(f"{self._path.name} is larger than {MAX_BYTES:,} bytes and is not read")
            return [line for line in self._path.read_bytes().split(b"\n") if line.strip()]
        except OSError as error:
            raise StoreError(f"the marks cannot be read: {error.strerror or error}") from None

    def _append(self, line: bytes) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            add_lines(self._path, [self._redactor.line(line)], is_synced=True)
        except OSError as error:
            raise StoreError(f"the mark cannot be saved: {error.strerror or error}") from None
