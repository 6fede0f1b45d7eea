"""Recently opened projects, newest first."""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from workbench.app.project.folders import UserFolders
from workbench.app.project.state_file import keep_state, read_state
from workbench.core.project_folder import PROJECT_FILE

MOST = 20
_FILE = "recent.json"


class RecentProject(msgspec.Struct, frozen=True):
    """A project as it was when last opened; `at` is in seconds since the epoch."""

    folder: str
    name: str
    at: float = 0.0

    @property
    def obstacle(self) -> str:
        """Why it cannot be opened now; empty when it can. Reads the disk."""
        folder = Path(self.folder)
        try:
            if not folder.is_dir():
                return "the folder does not exist"
            if not (folder / PROJECT_FILE).is_file():
                return f"it no longer has a {PROJECT_FILE}"
        except OSError as error:
            return (error.strerror or "the folder cannot be read").lower()
        return ""


class RecentProjects:
    """Kept in the user's own folder. Unreadable entries are skipped."""

    def __init__(self, folders: UserFolders, now: Callable[[], float] = time.time) -> None:
        self._file = folders.state / _FILE
        self._now = now

    def all(self) -> tuple[RecentProject, ...]:
        """All of them, the last opened one first."""
        rows = read_state(self._file).get("projects")
        found = []
        for row in rows if isinstance(rows, list) else []:
            try:
                found.append(msgspec.convert(row, RecentProject))
            except msgspec.ValidationError:
                continue
        return tuple(found[:MOST])

    def add(self, folder: Path, name: str) -> None:
        """Record that this one was opened now."""
        path = str(folder.resolve())
        self._keep([RecentProject(path, name, self._now()), *(one for one in self.all() if one.folder != path)])

    def forget(self, folder: str) -> RecentProject | None:
        """Remove one from the list, and return it; its files stay as they are."""
        known = self.all()
        self._keep([one for one in known if one.folder != folder])
        return next((one for one in known if one.folder == folder), None)

    def put_back(self, project: RecentProject) -> None:
        """Restore a removed one."""
        others = [one for one in self.all() if one.folder != project.folder]
        self._keep(sorted([*others, project], key=lambda one: -one.at))

    def last(self) -> Path | None:
        """The last opened one, if it can be opened now."""
        newest = next(iter(self.all()), None)
        return Path(newest.folder) if newest is not None and not newest.obstacle else None

    def _keep(self, projects: list[RecentProject]) -> None:
        keep_state(self._file, {"projects": [msgspec.to_builtins(one) for one in projects[:MOST]]})
