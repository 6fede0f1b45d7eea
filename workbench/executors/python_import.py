"""How modules of a project's python/ folder are imported: from their source, and from nothing else.

Trust is bound to the source. Compiled files may differ from the source next to them, and Python uses them without a
question: in `__pycache__`, whose check can be switched off in the file itself, or in place of a missing source. So none
is read here. Runs in the child process; standard library only.
"""

import os
from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType


class SourceOnlyLoader(SourceFileLoader):
    """Compiles the source at every import."""

    def get_code(self, fullname: str) -> CodeType:
        """The module's code, from its source alone."""
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


def source_only(folder: Path) -> Callable[[str], FileFinder]:
    """A hook for `sys.path_hooks` that serves `folder` and the packages below it, and leaves the rest to Python."""
    root = str(folder)

    def finder(path: str) -> FileFinder:
        if path != root and not path.startswith(root + os.sep):
            raise ImportError(f"{path} is not below {root}")
        return FileFinder(path, (ExtensionFileLoader, EXTENSION_SUFFIXES), (SourceOnlyLoader, SOURCE_SUFFIXES))

    return finder
