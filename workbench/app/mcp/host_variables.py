"""The variables of other hosts' configurations, such as `${workspaceFolder}`: filled in, or the name of a key.

Variables for folders are filled in on import. Variables for the environment or for an answer to a question may be
secrets and become the names of keys, except for the few that every child process may see. Anything else is left as it
is and reported.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from workbench.core.child import child_environment
from workbench.core.key_reference import KEY_REFERENCE, key_reference

_VARIABLE = re.compile(
    r"\$\{\{?\s*(?P<name>[^{}$]{1,200}?)\s*\}?\}|\$(?P<jetbrains>PROJECT_DIR|USER_HOME)\$|\{env:(?P<bare>[A-Za-z_]\w*)\}"
)
_KEY = re.compile(r"(?:(?:env|input):|secrets\.)?(?P<key>[A-Za-z_][A-Za-z0-9_-]*)(?::-(?P<default>.*))?", re.DOTALL)


class HostVariables:
    """What the variables of one file stand for. `remarks` says for each how it was read, or that it was left."""

    def __init__(self, file: Path, project: Path, environment: Mapping[str, str] = os.environ) -> None:
        folder = _workspace(file.absolute(), project)
        self._places = {
            "workspaceFolder": str(folder),
            "workspaceRoot": str(folder),
            "cwd": str(folder),
            "PROJECT_DIR": str(folder),
            "workspaceFolderBasename": folder.name,
            "__dirname": str(file.absolute().parent),
            "userHome": str(Path.home()),
            "USER_HOME": str(Path.home()),
            "pathSeparator": os.sep,
            "/": os.sep,
        }
        self._environment = environment
        self._seen = child_environment(environment)
        self.remarks: list[str] = []
        self.keys: list[str] = []

    def fill(self, text: str) -> str:
        """`text` with its folders, and with `${key:NAME}` for possible secrets."""
        return _VARIABLE.sub(self._put, text)

    def key_of(self, text: str) -> str:
        """The name of the key where `text` is one variable and nothing else; empty where it is not."""
        whole = KEY_REFERENCE.fullmatch(self.fill(text.strip())) if _VARIABLE.fullmatch(text.strip()) else None
        return whole[1] if whole else ""

    def _put(self, found: re.Match[str]) -> str:
        written = found[0]
        name = found["name"] or found["jetbrains"] or f"env:{found['bare']}"
        if name in self._places:
            return self._filled(written, self._places[name])
        meant = _KEY.fullmatch(name)
        if name.startswith("key:") or meant is None:
            if not name.startswith("key:"):
                self._tell(f"{written} is unknown here and was left unchanged")
            return written
        key, default = meant["key"], meant["default"]
        if key in self._seen and "input:" not in name:
            return self._filled(written, self._seen[key])
        if default is not None and key not in self._environment:
            return self._filled(written, default)
        key = key.replace("-", "_")
        if key not in self.keys:
            self.keys.append(key)
        self._tell(f"{written} is filled in at each start from the key {key}")
        return key_reference(key)

    def _filled(self, written: str, value: str) -> str:
        self._tell(f"{written} was filled in as {value}")
        return value

    def _tell(self, words: str) -> None:
        if words not in self.remarks:
            self.remarks.append(words)


def _workspace(file: Path, project: Path) -> Path:
    """The folder that a host would have open with this file: hosts keep it in a hidden folder of the workspace, or
    under a hidden name in it. Any other file belongs to no workspace; the project is used instead."""
    if file.parent.name.startswith(".") and file.parent.parent != Path.home():
        return file.parent.parent
    return file.parent if file.name.startswith(".") and file.parent != Path.home() else project
