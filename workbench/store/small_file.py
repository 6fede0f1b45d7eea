"""Reads files of ordinary size, and keeps what was made of them for as long as they stay as they are."""

import hashlib
import json
import os
import stat
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from workbench.core.errors import ProjectError
from workbench.store.file_state import FileState

MAX_FILE_BYTES = 5_000_000
_MAX_OWN_BYTES = 100_000_000

T = TypeVar("T")


class _Kept(NamedTuple, Generic[T]):
    state: FileState | None
    """None where the file may have changed since without a sign of it."""
    digest: bytes
    made: T


class KnownFiles(Generic[T]):
    """Looks at a file whenever it is asked for, and makes something of it again only where its content is another."""

    def __init__(self, make: Callable[[Path, bytes], T], max_bytes: int = MAX_FILE_BYTES) -> None:
        self._make = make
        self._max_bytes = max_bytes
        self._kept: dict[Path, _Kept[T]] = {}

    def read(self, path: Path) -> T:
        """What was made of the file's content. Raises as `read_file` does."""
        now_ns = time.time_ns()
        state = FileState.of(os.fspath(path), path.stat())
        kept = self._kept.get(path)
        if kept is not None and kept.state == state:
            return kept.made
        content = read_file(path, self._max_bytes)
        digest = hashlib.sha256(content).digest()
        made = kept.made if kept is not None and kept.digest == digest else self._make(path, content)
        is_whole = state.is_settled(now_ns) and FileState.of(os.fspath(path), path.stat()) == state
        self._kept[path] = _Kept(state if is_whole else None, digest, made)
        return made

    def keep_only(self, paths: Collection[Path]) -> None:
        """Forget all other files."""
        for path in self._kept.keys() - set(paths):
            self._kept.pop(path, None)


class OwnEntries:
    """The JSON object in a file that the program itself writes, and that grows."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: KnownFiles[dict[str, Any]] = KnownFiles(lambda path, content: _entries_in(content), _MAX_OWN_BYTES)

    def to_change(self) -> dict[str, Any]:
        """A copy; empty where there is no file. Raises `OSError` and `ProjectError` where there is one that cannot be
        read, since writing would lose what it holds."""
        try:
            return dict(self._known.read(self._file))
        except FileNotFoundError:
            return {}

    def readable(self) -> dict[str, Any]:
        """A copy; empty where there is none or it cannot be read."""
        try:
            return self.to_change()
        except (OSError, ProjectError):
            return {}


def _entries_in(content: bytes) -> dict[str, Any]:
    """The JSON object that a file holds; an empty one for anything else."""
    try:
        entries = json.loads(content)
    except ValueError:
        return {}
    return entries if isinstance(entries, dict) else {}


def read_small(path: Path) -> bytes:
    """The bytes of an ordinary file of ordinary size. Raises `OSError` and `ProjectError`; anything else, such as a
    pipe or a device that a link leads to, is not opened, since reading it could wait or go on forever."""
    return read_file(path, MAX_FILE_BYTES)


def read_file(path: Path, max_bytes: int) -> bytes:
    """The same up to this many bytes. Raises `OSError` and `ProjectError`."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise ProjectError("this is not a file")
    with path.open("rb") as file:
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise ProjectError(f"the file is larger than {max_bytes:,} bytes")
    return content


def text_in(content: bytes) -> str:
    """Bytes of a file as text. Raises `ProjectError` when they are not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProjectError(f"the file is not UTF-8 (byte {error.start})", hint="Save it as UTF-8.") from None
