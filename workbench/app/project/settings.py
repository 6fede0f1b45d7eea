"""The contents of workbench.toml for a page that edits it: raw values, problems, and defaults."""

import tomllib
from typing import Any

import msgspec

from workbench.app.project.setting_text import SettingPath, setting_in
from workbench.core.model_parameters import ModelParameters, overlaid, parameter_fault
from workbench.core.project_folder import PROJECT_FILE
from workbench.providers.registry import KEY_OF_WIRE
from workbench.store.project_file import ProjectFile, ProjectProblem, read_project_file


class ReadSettings(msgspec.Struct, frozen=True):
    """A text of workbench.toml. `is_broken`: it cannot be read at all, and `problems` say why."""

    document: dict[str, Any]
    problems: tuple[ProjectProblem, ...]
    is_broken: bool

    @classmethod
    def of(cls, text: str) -> "ReadSettings":
        """Read the text just as the project is read."""
        _, problems = read_project_file(text, PROJECT_FILE, KEY_OF_WIRE)
        try:
            return cls(tomllib.loads(text), problems, is_broken=False)
        except (tomllib.TOMLDecodeError, RecursionError):
            return cls({}, problems, is_broken=True)

    def value(self, path: SettingPath) -> Any:
        """The file's value there; None if there is none."""
        return setting_in(self.document, path)

    def fault(self, path: SettingPath) -> str:
        """The problem of a setting or of something inside it; empty if there is none."""
        found = next((one for one in self.problems if one.setting[: len(path)] == path), None)
        return found.message.removeprefix(f"{'.'.join(path)}: ") if found is not None else ""

    @property
    def parameters(self) -> ModelParameters:
        """The valid sampling parameters."""
        request = self.document.get("request")
        chosen = request if isinstance(request, dict) else {}
        return overlaid({}, {name: value for name, value in chosen.items() if not parameter_fault(name, value)})


def default_at(path: SettingPath) -> Any:
    """The defaults where the file has no value."""
    found: Any = ProjectFile()
    for name in path:
        found = getattr(found, name)
    return found
