"""What workbench.toml says, as a page that edits it needs it: raw values, what is wrong with them, and defaults."""

import tomllib
from typing import Any

import msgspec

from workbench.app.project.setting_text import SettingPath, setting_in
from workbench.core.model_parameters import ModelParameters, overlaid, parameter_fault
from workbench.core.project_folder import PROJECT_FILE
from workbench.providers.registry import KEY_OF_WIRE
from workbench.store.project_file import ProjectFile, ProjectProblem, read_project_file


class ReadSettings(msgspec.Struct, frozen=True):
    """A text of workbench.toml. `is_broken`: nothing in it can be read, and `problems` say why."""

    document: dict[str, Any]
    problems: tuple[ProjectProblem, ...]
    is_broken: bool

    @classmethod
    def of(cls, text: str) -> "ReadSettings":
        """Read the text as the project is read."""
        _, problems = read_project_file(text, PROJECT_FILE, KEY_OF_WIRE)
        try:
            return cls(tomllib.loads(text), problems, is_broken=False)
        except (tomllib.TOMLDecodeError, RecursionError):
            return cls({}, problems, is_broken=True)

    def value(self, path: SettingPath) -> Any:
        """What the file says there; None where it says nothing."""
        return setting_in(self.document, path)

    def fault(self, path: SettingPath) -> str:
        """What is wrong with a setting, or with what is inside it; empty when nothing is."""
        found = next((one for one in self.problems if one.setting[: len(path)] == path), None)
        return found.message.removeprefix(f"{'.'.join(path)}: ") if found is not None else ""

    @property
    def parameters(self) -> ModelParameters:
        """The sampling parameters that make sense."""
        request = self.document.get("request")
        chosen = request if isinstance(request, dict) else {}
        return overlaid({}, {name: value for name, value in chosen.items() if not parameter_fault(name, value)})


def default_at(path: SettingPath) -> Any:
    """What holds where the file says nothing."""
    found: Any = ProjectFile()
    for name in path:
        found = getattr(found, name)
    return found
