"""Trust: which project code this user allows to run. Bound to the content, not to the place.

The digest covers every file below `python/` and the table that says which function runs which tool. Change
one character and the project is no longer trusted.
"""

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path

from workbench.core.json_text import canonical
from workbench.store.executor_row import needs_trust
from workbench.store.project import CODE_FOLDER, Project
from workbench.store.tool_file import write_whole


def code_files(project_folder: Path) -> tuple[Path, ...]:
    """Every file that belongs to the project's code, in a fixed order; compiled leftovers are not code."""
    root = project_folder / CODE_FOLDER
    return tuple(
        sorted(
            path
            for path in root.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
        )
    )


def code_digest(project: Project) -> str:
    """SHA-256 over the code and what runs it; the same for a copy in another place."""
    found = hashlib.sha256()
    rows = {name: row.model_dump() for name, row in project.file.executors.items()}
    found.update(canonical(rows).encode("utf-8", "surrogatepass"))
    for path in code_files(project.folder):
        name = path.relative_to(project.folder).as_posix()
        found.update(f"\0{name}\0".encode("utf-8", "surrogatepass"))
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def has_code(project: Project) -> bool:
    """Whether running this project's tools would run its code, or send data and keys where the project says."""
    return any(needs_trust(row) for row in project.file.executors.values())


class TrustBook:
    """The digests this user trusts, in the user's own state folder (never in a project)."""

    def __init__(self, file: Path, *, built_in: Callable[[], frozenset[str]] = frozenset) -> None:
        """`built_in` gives the digests of code that came with the program; it is asked only when it matters."""
        self._file = file
        self._built_in = built_in

    def trusts(self, digest: str) -> bool:
        """Whether code with this digest may run."""
        return digest in self._read() or digest in self._built_in()

    def add(self, digest: str, folder: Path) -> None:
        """Trust this content from now on."""
        entries = self._read()
        entries[digest] = {"folder": str(folder), "at": time.time()}
        write_whole(self._file, json.dumps(entries, indent=2) + "\n")

    def remove(self, digest: str) -> None:
        """Stop trusting this content."""
        entries = self._read()
        if entries.pop(digest, None) is not None:
            write_whole(self._file, json.dumps(entries, indent=2) + "\n")

    def _read(self) -> dict[str, object]:
        try:
            entries = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # no book, or an unreadable one, trusts nothing
        return entries if isinstance(entries, dict) else {}
