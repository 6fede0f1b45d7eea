"""Edits of code that a person makes here, by a deliberate act, keep a trusted project trusted.

Trust is bound to content, so any edit ends it. Where the content was trusted right before, and what the person wrote is
all that differs right after, the new content is what they want to run, and is trusted as well. Nothing else is ever:
code that was not trusted before stays so, and so does whatever another program changed meanwhile.
"""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from workbench.app.schema_editor.tool_editing import bytes_of
from workbench.app.tools.tool_changes import Undoable, change_files
from workbench.core.errors import ProjectError
from workbench.store.code_folder import code_folder
from workbench.store.project import Project
from workbench.store.trust import code_digest, has_code


class OwnEdits:
    """Writes files of a project's code, and its project file where that says what runs."""

    def __init__(
        self, load: Callable[[], Project], trusts: Callable[[str], bool], trust: Callable[[str, str], object]
    ) -> None:
        """`load` reads the project again, `trusts` tells whether code with a digest may run; `trust` lets the second
        digest count as far as the first one did."""
        self._load = load
        self._trusts = trusts
        self._trust = trust

    def write(self, words: str, files: Mapping[Path, bytes | None]) -> Undoable:
        """Write these files, None meaning that there shall be none; what undoes it is called `words`.

        Raises `StoreError`, and then nothing is changed.
        """
        before = self._load()
        digest = self._digest(before)
        others = self._others(before.folder, files)
        is_own = digest is not None and (self._trusts(digest) or self._has_nothing(before, files))
        done = change_files(words, dict(files))
        after = self._load()
        new = self._digest(after)
        is_all = all(bytes_of(path) == held for path, held in files.items()) and others == self._others(
            after.folder, files
        )
        if is_own and digest is not None and new is not None and is_all and new != digest:
            self._trust(digest, new)
        return done

    @staticmethod
    def _has_nothing(project: Project, files: Mapping[Path, bytes | None]) -> bool:
        """Whether there is no code yet at all: then nobody else's can be trusted by accident."""
        return not has_code(project) and all(path in files for path in code_folder(project.folder).files())

    @staticmethod
    def _digest(project: Project) -> str | None:
        try:
            return code_digest(project)
        except ProjectError:  # more than can be vouched for
            return None

    @staticmethod
    def _others(folder: Path, files: Mapping[Path, bytes | None]) -> dict[Path, bytes]:
        return {
            path: hashlib.sha256(bytes_of(path) or b"").digest()
            for path in code_folder(folder).files()
            if path not in files
        }
