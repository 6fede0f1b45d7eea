"""What runs a tool, as workbench.toml says it: read as a choice with its fields, and written back."""

from typing import Any, Literal

import tomlkit

from workbench.app.project.setting_text import setting_in, with_setting
from workbench.core.errors import ProjectError
from workbench.core.project_folder import PROJECT_FILE
from workbench.providers.registry import KEY_OF_WIRE
from workbench.store.executor_row import MockRow
from workbench.store.project import Project, server_of
from workbench.store.project_file import read_project_file

ExecutorKind = Literal["nothing", "python", "http", "mcp", "mock"]


def executor_kind(project: Project, tool: str) -> ExecutorKind:
    """What runs a tool now."""
    row = project.file.executors.get(tool)
    if row is None:
        return "mcp" if server_of(tool, project.file) is not None else "nothing"
    return row.kind


def executor_fields(project: Project, tool: str) -> dict[str, Any]:
    """The tool's row without what has its default; empty where it has none."""
    row = project.file.executors.get(tool)
    return row.model_dump(exclude_defaults=True, exclude_unset=True) if row is not None else {}


def changed_executor(text: str, tool: str, fields: dict[str, Any] | None) -> str:
    """The text of workbench.toml with these fields as the tool's row; None takes the row out.

    Raises `ProjectError` when they are no good, or cannot be written in this file.
    """
    after = with_setting(text, ("executors", tool), _without_none(fields) if fields is not None else None)
    _, problems = read_project_file(after, PROJECT_FILE, KEY_OF_WIRE)
    for problem in problems:
        if problem.setting[:2] == ("executors", tool):
            raise ProjectError(problem.message.removeprefix(f"executors.{tool}.").removeprefix("http."))
    return after


def mocked(text: str, tool: str) -> dict[str, Any]:
    """The row of a mock in the place of what runs the tool now, which it keeps as `real`."""
    own = setting_in(tomlkit.parse(text).unwrap(), ("executors", tool))
    real = own if isinstance(own, dict) and own.get("kind") in ("python", "http", "mcp") else None
    return {"kind": "mock", "default": {"static": {"ok": True}}} | ({"real": real} if real is not None else {})


def real_executor(project: Project, tool: str) -> dict[str, Any] | None:
    """What a mock has replaced; None for anything else."""
    row = project.file.executors.get(tool)
    return row.real.model_dump(exclude_unset=True) if isinstance(row, MockRow) and row.real is not None else None


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "")}
