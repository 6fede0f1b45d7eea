"""The limits of workbench.toml, written back one at a time: comments and everything else stay as they are."""

import tomllib
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from workbench.app.project.file_change import FileChange, project_text
from workbench.core.errors import ProjectError, UsageError
from workbench.core.project_folder import PROJECT_FILE
from workbench.store.project import Project
from workbench.store.project_file import LimitsSection, RequestSection, read_project_file
from workbench.store.tool_file import write_whole

LimitValue = int | float | None
_SECTIONS: dict[str, tuple[str, ...]] = {
    "limits": tuple(LimitsSection.model_fields),
    "request": ("max_output_tokens",),
}
LIMITS: dict[str, str] = {key: section for section, keys in _SECTIONS.items() for key in keys}
"""Every limit, and the table of the file it is in."""


def limit_values(project: Project) -> dict[str, LimitValue]:
    """The limits that hold, as the project was read last."""
    file = project.file
    sections: dict[str, Any] = {"limits": file.limits, "request": file.request}
    return {key: getattr(sections[section], key) for key, section in LIMITS.items()}


def default_limits() -> dict[str, LimitValue]:
    """What holds where the file says nothing."""
    sections: dict[str, Any] = {"limits": LimitsSection(), "request": RequestSection()}
    return {key: getattr(sections[section], key) for key, section in LIMITS.items()}


def write_limit(project: Project, key: str, value: LimitValue) -> FileChange:
    """Write one limit; None takes it out of the file, so that its default holds. The project is to be reloaded.

    Raises `ProjectError` when the file does not allow the value, `UsageError` when the file is damaged already.
    """
    before = project_text(project.folder)
    _, problems = read_project_file(before, PROJECT_FILE)
    if problems:
        raise UsageError(f"{problems[0]}", hint="Fix the file first; limits cannot be saved in an invalid file.")
    after = _changed(before, LIMITS[key], key, value)
    _, faults = read_project_file(after, PROJECT_FILE)
    if faults:
        raise ProjectError(faults[0].message, hint="Nothing was saved.")
    if _without(after, key) != _without(before, key):
        raise ProjectError(f"{key} cannot be saved in this file", where=PROJECT_FILE, hint="Edit it as text.")
    write_whole(project.folder / PROJECT_FILE, after)
    return FileChange(before, after)


def _changed(text: str, section: str, key: str, value: LimitValue) -> str:
    try:
        document: Any = tomlkit.parse(text)
        table = document.get(section)
        if table is None:
            if value is None:
                return text
            table = tomlkit.table()
            document[section] = table
        if value is not None:
            table[key] = value
        elif key in table:
            del table[key]
        return tomlkit.dumps(document)
    except (TOMLKitError, TypeError, ValueError) as error:
        raise ProjectError(f"{key} cannot be saved: {error}", where=PROJECT_FILE, hint="Edit it as text.") from None


def _without(text: str, key: str) -> dict[str, Any]:
    """What the file says besides this limit."""
    document = tomllib.loads(text)
    section = document.get(LIMITS[key], {})
    section.pop(key, None)
    if not section:
        document.pop(LIMITS[key], None)
    return document
