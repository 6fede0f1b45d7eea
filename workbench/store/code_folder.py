"""The code of a project as it is now. Every file is looked at each time, and read again only where it changed."""

import asyncio
import hashlib
import os
import threading
import time
from functools import lru_cache
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from workbench.core.errors import ProjectError
from workbench.core.project_folder import CODE_FOLDER
from workbench.store.file_state import FileState

MAX_FILES = 20_000
MAX_BYTES = 300_000_000
MAX_FOLDERS = 2_000
_FEW_FILES = 100
"""How many are looked at in less time than another thread needs to begin."""
_UNREADABLE = b"unreadable"
_MOST_KNOWN = 16
_known: dict[FileState, bytes] = {}


class CodeFolder:
    """Thread-safe. Compiled files are not code: they are never imported from here (see
    `executors.python_import`). Links are followed, because importing follows them; a circle of them never ends."""

    def __init__(self, project_folder: Path) -> None:
        self._project = project_folder
        self._root = project_folder / CODE_FOLDER
        self._lock = threading.Lock()
        self._listings = _Listings()
        self._states: list[FileState] | None = None
        self._files: tuple[Path, ...] = ()
        self._digests: dict[FileState, bytes] = {}
        self._content: bytes | None = None
        """What `content` gave last, where every later change of it will show."""

    @property
    def is_large(self) -> bool:
        """Whether looking at it takes too long for an event loop; as far as it was looked at before."""
        return self._states is None or len(self._states) > _FEW_FILES

    def files(self) -> tuple[Path, ...]:
        """Every file, in a fixed order; of more than `MAX_FILES` or `MAX_FOLDERS` the first ones."""
        with self._lock:
            self._look()
            return self._files

    def content(self) -> bytes:
        """The names of all files, each with the digest of its content. Raises `ProjectError` when there is more than
        can be checked."""
        with self._lock:
            states, is_all = self._look()
            if not is_all or sum(state.size for state in states) > MAX_BYTES:
                raise ProjectError(
                    f"there is more in {CODE_FOLDER}/ than can be trusted: over {MAX_FILES:,} files or"
                    f" {MAX_BYTES:,} bytes",
                    hint="Keep data and packages elsewhere, and look for links that lead out of the project or in"
                    " circles.",
                )
            if self._content is None:
                content = self._read(states)
                if len(self._digests) < len(states):
                    return content
                self._content = content
            return self._content

    async def stamp(self) -> bytes | None:
        """`content`, or None where there is too much. Looking at very much code does not hold up others."""
        try:
            return await asyncio.to_thread(self.content) if self.is_large else self.content()
        except ProjectError:
            return None

    def _look(self) -> tuple[list[FileState], bool]:
        states, is_all = self._listings.walk(os.fspath(self._root))
        if states != self._states:
            self._states, self._content = states, None
            self._files = tuple(sorted(Path(state.path) for state in states))
        return states, is_all

    def _read(self, states: list[FileState]) -> bytes:
        known, self._digests = self._digests, {}
        by_path = {state.path: state for state in states}
        parts: list[bytes] = []
        for path in self._files:
            state = by_path[os.fspath(path)]
            digest, is_settled = (known[state], True) if state in known else _read_digest(path, state)
            if is_settled:
                self._digests[state] = digest
            name = path.relative_to(self._project).as_posix()
            parts += (f"\0{name}\0".encode("utf-8", "surrogatepass"), digest)
        return b"".join(parts)


@lru_cache(maxsize=4)
def code_folder(project_folder: Path) -> CodeFolder:
    """The code of the project in this folder."""
    return CodeFolder(project_folder)


def file_digest(path: Path) -> bytes:
    """SHA-256 of a file's content, read again only when the file has changed."""
    try:
        state = FileState.of(os.fspath(path), path.stat())
    except OSError:
        return _UNREADABLE
    if state in _known:
        return _known[state]
    digest, is_settled = _read_digest(path, state)
    if is_settled:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[state] = digest
    return digest


def _read_digest(path: Path, state: FileState) -> tuple[bytes, bool]:
    """SHA-256 of a file, and whether any later change of it will show in its state. One that cannot be read is a state
    of its own: once it can be, the digest is another."""
    now_ns = time.time_ns()  # what changes from here on gets a later time
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
            read = FileState.of(os.fspath(path), os.fstat(file.fileno()))
    except OSError:
        return _UNREADABLE, False
    return digest, read == state and read.is_settled(now_ns)


class _Listings:
    """The names in each folder, listed again only where the folder changed; every look asks for the state of each."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[FileState, list[str]]] = {}

    def walk(self, root: str) -> tuple[list[FileState], bool]:
        """The files below `root` and whether these are all."""
        states: list[FileState] = []
        before, self._kept = self._kept, {}
        waiting = [root]
        for _ in range(MAX_FOLDERS + 1):
            if not waiting:
                return states, True
            folders: list[str] = []
            for path in self._paths_in(waiting.pop(), before):
                try:
                    found = os.stat(path)  # noqa: PTH116 — of every file, before every call
                except OSError:  # a link to nothing
                    continue
                if S_ISDIR(found.st_mode):
                    folders.append(path)
                elif S_ISREG(found.st_mode) and not _is_compiled(path):
                    states.append(FileState.of(path, found))
            waiting += sorted(folders, reverse=True)
            if len(states) > MAX_FILES:
                break
        return states, False

    def _paths_in(self, folder: str, before: dict[str, tuple[FileState, list[str]]]) -> list[str]:
        now_ns = time.time_ns()
        try:
            state = FileState.of(folder, os.stat(folder))  # noqa: PTH116
            known = before.get(folder)
            paths = known[1] if known is not None and known[0] == state else _listed(folder)
        except OSError:
            return []
        if state.is_settled(now_ns):
            self._kept[folder] = state, paths
        return paths


def _listed(folder: str) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.path for entry in entries]


def _is_compiled(path: str) -> bool:
    return path.endswith(".pyc") and not path.endswith(f"{os.sep}.pyc")
