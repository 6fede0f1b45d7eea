"""A new project: its name, folder, and template."""

import re
from pathlib import Path
from typing import Literal, get_args

from workbench.app.project.new_project import empty_project, named_project
from workbench.core.errors import WorkbenchError
from workbench.core.project_folder import PROJECT_FILE, TOOLS_FOLDER
from workbench.core.signal import Signal
from workbench.viewmodels.project.project_rows import short_place

Start = Literal["empty", "example", "weather-desk", "shop-support"]
STARTS: tuple[tuple[Start, str], ...] = (
    ("empty", "No tools"),
    ("example", "An example: one tool that rolls dice"),
    ("weather-desk", "A copy of the sample: weather desk"),
    ("shop-support", "A copy of the sample: shop support"),
)
assert {start for start, _ in STARTS} == set(get_args(Start))


class NewProjectForm:
    """The folder follows the name until the person types or chooses one."""

    def __init__(self, parent: Path, existing: Path | None = None) -> None:
        """`parent` is where new folders go; `existing` is a folder that becomes a project as it is."""
        self.existing = existing
        self.name = existing.name if existing is not None else "My tools"
        self.start: Start = "empty"
        self.trouble = ""
        """Why the last attempt failed."""
        self.changed: Signal[[]] = Signal()
        self._parent = parent
        self._folder = str(existing) if existing is not None else ""

    @property
    def title(self) -> str:
        """The dialog's question."""
        return "New project" if self.existing is None else "Create a project here?"

    @property
    def folder_text(self) -> str:
        """The folder as typed in its field."""
        return self._folder or str(self._parent / _slug(self.name))

    @property
    def folder(self) -> Path:
        """Where the project goes."""
        return Path(self.folder_text.strip()).expanduser()

    @property
    def starts(self) -> tuple[tuple[Start, str], ...]:
        """The templates: a folder with other files in it gets no copies."""
        return STARTS if self.existing is None or _is_empty(self.folder) else STARTS[:1]

    @property
    def problem(self) -> str:
        """Why it cannot be created; empty when it can. Reads the disk."""
        if not self.name.strip():
            return "Enter a name."
        folder = self.folder
        if not folder.is_absolute():
            return "Enter the folder's full path."
        try:
            if (folder / PROJECT_FILE).exists():
                return "This folder is already a project. Open it instead."
            if folder.exists() and not folder.is_dir():
                return "This is a file."
            if self.start != "empty" and not _is_empty(folder):
                return "This folder is not empty. Choose another one, or start with no tools."
        except OSError as error:
            return f"This folder cannot be used: {error.strerror or error}."
        return ""

    @property
    def outcome(self) -> str:
        """What will be created, in words."""
        if self.existing is not None and self.start == "empty":
            return f"Adds {PROJECT_FILE} and {TOOLS_FOLDER}/. Other files in this folder stay as they are."
        return f"Creates {short_place(str(self.folder))}. All files in it are plain text."

    def write_name(self, name: str) -> None:
        """Set the name."""
        self.name = name
        self._tell()

    def write_folder(self, folder: str) -> None:
        """Set the folder; an empty text lets it follow the name again."""
        self._folder = folder
        self._tell()

    def choose(self, start: Start) -> None:
        """Choose the template."""
        self.start = start
        self._tell()

    def create(self) -> bool:
        """Create it; when that fails, `trouble` says why. It writes to disk, so call it off the window's thread."""
        name = self.name.strip()
        try:
            if self.start == "empty":
                empty_project(self.folder, name)
            else:
                named_project(self.folder, name, sample_name="" if self.start == "example" else self.start)
        except (WorkbenchError, OSError) as error:
            self.trouble = str(error)
            return False
        return True

    def _tell(self) -> None:
        self.trouble = ""
        self.changed.emit()


def _slug(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", name.strip().casefold()).strip("-") or "project"


def _is_empty(folder: Path) -> bool:
    try:
        return not folder.exists() or not any(folder.iterdir())
    except OSError:
        return False
