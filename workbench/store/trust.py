"""Trust: which project code this user allows to run. Bound to the content, not to the location.

Rules that let calls run without asking are bound to their place as well (`rules_digest`).

The digest covers every file below `python/`, the table that says which function runs which tool, and the connections
that would be given a key. Change one character and the project is no longer trusted.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from workbench.core.approval import Rule
from workbench.core.json_text import canonical
from workbench.store.code_folder import code_folder, file_digest
from workbench.store.executor_row import needs_trust
from workbench.store.project import Project
from workbench.store.small_file import OwnEntries
from workbench.store.tool_file import write_whole


def code_digest(project: Project) -> str:
    """SHA-256 over the code and what runs it; the same for a copy in another place. Of an interpreter of the project's
    own, its path and its file count, not the packages it has.

    Raises `ProjectError` when there is more below `python/` than can be checked.
    """
    found = hashlib.sha256()
    found.update(project.file.executor_text.encode("utf-8", "surrogatepass"))
    if connections := _with_keys(project):
        found.update(f"\0connections\0{canonical(connections)}".encode("utf-8", "surrogatepass"))
    if project.file.telemetry.needs_trust:
        found.update(f"\0telemetry\0{canonical(project.file.telemetry.model_dump())}".encode("utf-8", "surrogatepass"))
    if program := project.file.python.program(project.folder):
        found.update(f"\0interpreter\0{project.file.python.interpreter}\0".encode("utf-8", "surrogatepass"))
        found.update(file_digest(Path(program)))
    found.update(code_folder(project.folder).content())
    return found.hexdigest()


def rules_digest(project: Project, rules: Sequence[Rule]) -> str:
    """SHA-256 over approval rules, in their order, for the project in this folder: the same few rules are in many
    projects, and trusting them in one says nothing about another."""
    return _digest_of_rules(str(project.folder), rules)


def bound_rules_digest(project: Project) -> str:
    """SHA-256 over a project's approval rules and its code, in any folder. Raises `ProjectError`."""
    return _digest_of_rules(code_digest(project), project.rules)


def _digest_of_rules(what: str, rules: Sequence[Rule]) -> str:
    text = canonical({"rules of": what, "rules": [msgspec.to_builtins(rule) for rule in rules]})
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def has_code(project: Project) -> bool:
    """Whether running this project would run its code, or send data and keys where the project says."""
    file = project.file
    sends = bool(project.keyed_connections) or file.telemetry.needs_trust
    return sends or any(needs_trust(row) for row in file.executors.values())


def _with_keys(project: Project) -> dict[str, object]:
    return {name: row.model_dump() for name, row in project.keyed_connections.items()}


class TrustStore:
    """The digests this user trusts, in the user's own state folder (never in a project)."""

    def __init__(self, file: Path, *, built_in: Callable[[], frozenset[str]] = frozenset) -> None:
        """`built_in` gives the digests of code that came with the program; it is asked only when it matters."""
        self._file = file
        self._entries = OwnEntries(file)
        self._built_in = built_in

    def trusts(self, digest: str) -> bool:
        """Whether code with this digest may run."""
        return digest in self._entries.readable() or digest in self._built_in()

    def add(self, digest: str, folder: Path) -> None:
        """Trust this content from now on."""
        entries = self._entries.to_change()
        entries[digest] = {"folder": str(folder), "at": time.time()}
        write_whole(self._file, json.dumps(entries, indent=2) + "\n")

    def remove(self, digest: str) -> None:
        """Stop trusting this content."""
        entries = self._entries.to_change()
        if entries.pop(digest, None) is not None:
            write_whole(self._file, json.dumps(entries, indent=2) + "\n")
