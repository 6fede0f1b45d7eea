"""Making a variant the project's own: its tools, instructions, tool choice and model go into the project's files."""

from pathlib import Path
from typing import Any

import msgspec
import tomlkit
from tomlkit.exceptions import TOMLKitError

from workbench.app.project.setting_text import toml_string
from workbench.app.schema_editor.tool_editing import bytes_of
from workbench.app.tools.tool_changes import Undoable, change_files, renamed_in_settings, tool_path
from workbench.core.errors import MalformedJson, ProjectError, UsageError
from workbench.core.json_edit import set_value
from workbench.core.model_parameters import parameter_changes
from workbench.core.project_folder import PROJECT_FILE, TOOLS_FOLDER
from workbench.core.tool import Tool
from workbench.core.variant import Offer, Variant, apply_variant, check_name
from workbench.store.project import Project
from workbench.store.project_file import read_project_file
from workbench.store.tool_file import read_tool, tool_text


class Promotion(msgspec.Struct, frozen=True):
    """What would be written, and what cannot be: `remarks` are sentences. None means that the file is deleted."""

    files: dict[Path, bytes | None]
    remarks: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the project is already like this."""
        return not self.files


def project_offer(project: Project) -> Offer:
    """What the project itself offers a model, without servers' tools."""
    return Offer(
        toolset=project.toolset,
        instructions=project.instructions,
        tool_choice=project.tool_choice,
        parallel_calls=project.parallel_calls,
        model=project.model,
        parameters=project.file.request.parameters,
    )


def promotion(variant: Variant, project: Project) -> Promotion:
    """Plan the promotion; nothing is written yet. Raises `UsageError` when it does not fit."""
    before = project_offer(project)
    return promotion_of(before, apply_variant(variant, before), project, renames=variant.renames)


def promote(variant: Variant, project: Project) -> tuple[Undoable, tuple[str, ...]]:
    """Write it; return its undo and the remarks. Raises `WorkbenchError`, and then nothing is changed."""
    made = promotion(variant, project)
    return change_files(f"Promoted {variant.name}", made.files), made.remarks


def promotion_of(before: Offer, after: Offer, project: Project, *, renames: dict[str, str] | None = None) -> Promotion:
    """The changes that turn a project that offers `before` into one that offers `after`. Comments and spaces stay."""
    folder = project.folder
    old_names = {new: old for old, new in (renames or {}).items()}
    files: dict[Path, bytes | None] = {}
    kept: set[Path] = set()
    for tool in after.toolset:
        old = before.toolset.named(old_names.get(tool.name, tool.name))
        path = tool_path(folder, old.name) if old is not None else None
        target = path if path is not None and old is not None and old.name == tool.name else _file_of(folder, tool)
        kept.add(target)
        if old != tool:
            files[target] = _tool_bytes(path, old, tool)
    for tool in before.toolset:
        path = tool_path(folder, tool.name)
        if path is not None and path not in kept:
            files[path] = None
    settings = folder / PROJECT_FILE
    text = _settings_text(settings, before, after, renames or {})
    if text is not None:
        files[settings] = text
    return Promotion(
        {path: held for path, held in files.items() if bytes_of(path) != held},
        tuple(_remarks(before, after, project, renames or {})),
    )


def _file_of(folder: Path, tool: Tool) -> Path:
    return folder / TOOLS_FOLDER / f"{check_name(tool.name)}.json"


def _tool_bytes(path: Path | None, old: Tool | None, new: Tool) -> bytes:
    """The tool's file with as little changed as possible."""
    held = bytes_of(path) if path is not None else None
    if held is None or old is None:
        return tool_text(new).encode()
    try:
        text = held.decode("utf-8")
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        text = text.removeprefix(mark)
        for key, value in new.document.items():
            if key not in old.document or old.document[key] != value:
                text = set_value(text, f"/{key}", value)
        if read_tool(text) == new:
            return (mark + text).encode()
    except (UnicodeDecodeError, MalformedJson, ProjectError, KeyError):
        pass  # it is formatted again
    return tool_text(new).encode()


def _settings_text(path: Path, before: Offer, after: Offer, renames: dict[str, str]) -> bytes | None:
    """workbench.toml with the changes; None when there are none. Raises `UsageError` when it cannot be written."""
    held = bytes_of(path)
    if held is None:
        raise UsageError(f"{PROJECT_FILE} cannot be read")
    for old, new in renames.items():
        held = renamed_in_settings(held, old, new)
    try:
        text = held.decode("utf-8")
        wanted = _wanted(text, before, after)
        document: Any = tomlkit.parse(text)
        for key in ("instructions", "model"):
            if key in wanted:
                document[key] = toml_string(wanted.pop(key))
        if wanted:
            if "request" not in document:
                document["request"] = tomlkit.table()
            for key, value in wanted.items():
                if value is None:
                    document["request"].pop(key, None)
                else:
                    document["request"][key] = value
        written = tomlkit.dumps(document)
    except (UnicodeDecodeError, TOMLKitError, TypeError, AttributeError) as error:
        raise UsageError(f"{PROJECT_FILE} cannot be written into: {error}", hint="Fix it first.") from None
    file, problems = read_project_file(written, PROJECT_FILE)
    is_right = (
        not problems
        and file.instructions == after.instructions
        and file.model == after.model
        and file.request.parallel_calls == after.parallel_calls
        and file.request.parameters == after.parameters
    )
    if not is_right:
        raise UsageError(
            f"this cannot be written into {PROJECT_FILE} as it is", hint=f"Fix {PROJECT_FILE}, or edit it as text."
        )
    return written.encode()


def _wanted(text: str, before: Offer, after: Offer) -> dict[str, Any]:
    """The changes to the file, key by key; None removes the key."""
    file, _ = read_project_file(text, PROJECT_FILE)
    wanted: dict[str, Any] = {}
    if after.instructions != file.instructions:
        wanted["instructions"] = after.instructions
    if after.model != file.model:
        wanted["model"] = after.model
    if after.tool_choice.first != before.tool_choice.first and str(after.tool_choice.first) != file.request.tool_choice:
        wanted["tool_choice"] = str(after.tool_choice.first)
    if after.tool_choice.then != before.tool_choice.then:
        wanted["tool_choice_after"] = None if after.tool_choice.then is None else str(after.tool_choice.then)
    if after.parallel_calls != file.request.parallel_calls:
        wanted["parallel_calls"] = after.parallel_calls
    wanted.update(parameter_changes(file.request.parameters, after.parameters))
    return wanted


def _remarks(before: Offer, after: Offer, project: Project, renames: dict[str, str]) -> list[str]:
    said = []
    known = {renames.get(name, name) for name in before.toolset.names}
    runs = {renames.get(name, name) for name in project.executor_names}
    for tool in after.toolset:
        if tool.name not in known and tool.name not in runs:
            said.append(f"{tool.name} has no executor yet: you answer its calls.")
    names = after.toolset.names
    if list(names) != sorted(names):
        said.append("Project tools are ordered by file name; the variant's order is not kept.")
    return said
