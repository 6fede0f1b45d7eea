"""What the window remembers of one project: in the user's own folder, never in the project."""

import hashlib
from pathlib import Path

from workbench.app.project.folders import UserFolders
from workbench.app.project.state_file import keep_state, read_state
from workbench.core.json_text import JsonObject, JsonValue

_FOLDER = "projects"
FORMAT = 1


class ProjectMemory:
    """Named parts, each a JSON value. It is read once and written when something is saved."""

    def __init__(self, folders: UserFolders, project: Path) -> None:
        path = str(project.resolve())
        name = hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self._file = folders.state / _FOLDER / f"{name}.json"
        self._head: JsonObject = {"format": FORMAT, "folder": path.encode("utf-8", "replace").decode()}
        held = read_state(self._file)
        parts = held.get("parts") if held.get("format") == FORMAT else None
        self._parts: JsonObject = parts if isinstance(parts, dict) else {}

    @property
    def file(self) -> Path:
        """The file."""
        return self._file

    def part(self, name: str) -> JsonValue:
        """The value saved under this name; None if there is none."""
        return self._parts.get(name)

    def keep(self, name: str, value: JsonValue) -> None:
        """Save this value."""
        if self._parts.get(name) != value:
            self._parts[name] = value
            keep_state(self._file, {**self._head, "parts": self._parts})
