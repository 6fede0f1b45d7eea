"""Creating, copying, renaming, and deleting tools, each with its undo."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from workbench.app.schema_editor.tool_editing import bytes_of, put_bytes
from workbench.core.errors import MalformedJson, ProjectError, StoreError, UsageError
from workbench.core.json_edit import set_value
from workbench.core.project_folder import PROJECT_FILE, TOOLS_FOLDER
from workbench.core.tool import PORTABLE_NAME, Tool
from workbench.core.tool_choice import ToolChoice, parse_choice
from workbench.store.tool_file import read_tool, write_tool


class Undoable(msgspec.Struct, frozen=True):
    """What was done, in words, and the contents of the changed files before (None: no file) and now."""

    words: str
    before: dict[Path, bytes | None]
    after: dict[Path, bytes | None]

    def undo(self) -> None:
        """Restore the files; raises `ProjectError`, and changes nothing, when one was changed since."""
        for path, held in self.after.items():
            if bytes_of(path) != held:
                raise ProjectError(f"{path.name} was changed since, so this cannot be undone")
        for path, held in self.before.items():
            if held != self.after[path]:
                put_bytes(path, held)


def change_files(words: str, wanted: dict[Path, bytes | None]) -> Undoable:
    """Write these files, or delete those that are None; raises `StoreError`, and then nothing is changed.

    The content can come from anywhere, so a folder that is a link to another place is left alone.
    """
    for folder in {path.parent for path in wanted}:
        if folder.is_symlink() and not folder.resolve().is_relative_to(folder.parent.resolve()):
            raise StoreError(f"{folder.name} is a link to another place, so nothing was changed in it")
    before = {path: bytes_of(path) for path in wanted}
    try:
        for path, held in wanted.items():
            if held != before[path]:
                put_bytes(path, held)
    except StoreError:
        for path, held in before.items():
            if bytes_of(path) != held:
                put_bytes(path, held)
        raise
    return Undoable(words, before, dict(wanted))


def tool_path(project_folder: Path, name: str) -> Path | None:
    """The file of the tool of that name."""
    for path in _likely_first(project_folder / TOOLS_FOLDER, name):
        held = bytes_of(path)
        if held is None:
            continue
        try:
            if read_tool(held.decode("utf-8-sig")).name == name:
                return path
        except (MalformedJson, ProjectError, UnicodeDecodeError):
            continue
    return None


def _likely_first(folder: Path, name: str) -> Iterator[Path]:
    """The file named after the tool comes first; only then is the folder listed, which can be large."""
    if PORTABLE_NAME.fullmatch(name):
        yield folder / f"{name}.json"
    yield from sorted(folder.glob("*.json"))


def describe_tool(project_folder: Path, name: str, text: str) -> Undoable:
    """Change a tool's description and leave the rest of its file as it is.

    Raises `UsageError` when the tool has no file that can be edited, `StoreError` when it cannot be written.
    """
    path = tool_path(project_folder, name)
    held = bytes_of(path) if path is not None else None
    if path is None or held is None:
        raise UsageError(f"{name} has no file in this project")
    mark = b"\xef\xbb\xbf" if held.startswith(b"\xef\xbb\xbf") else b""
    new = set_value(held.decode("utf-8-sig"), "/description", text, order=("name", "title", "description"))
    return change_files(f"Edited the description of {name}", {path: mark + new.encode()})


def new_tool(project_folder: Path, wanted: str = "new_tool") -> tuple[Path, Undoable]:
    """Create a tool under a free name."""
    name = _free_name(project_folder, wanted)
    path = write_tool(project_folder / TOOLS_FOLDER, Tool.make(name))
    return path, _done(f"Created {name}", {path: None})


def duplicate_tool(project_folder: Path, path: Path, text: str) -> tuple[Path, Undoable]:
    """Copy the tool in `text` beside its file; raises `MalformedJson` or `ProjectError`."""
    name = _free_name(project_folder, f"{read_tool(text).name[:58]}_copy")
    copy = path.with_name(f"{name}.json")
    put_bytes(copy, set_value(text, "/name", name).encode())
    return copy, _done(f"Copied {path.stem} to {name}", {copy: None})


def delete_tool(path: Path) -> Undoable:
    """Delete a tool's file. The rest of the project stays; references to the tool become problems."""
    before = {path: bytes_of(path)}
    put_bytes(path, None)
    return _done(f"Deleted {path.name}", before)


def rename_tool_file(project_folder: Path, path: Path, old: str, new: str) -> tuple[Path, Undoable]:
    """Rename the file, and references in the project file, to the tool's new name.

    Raises `ProjectError` when the name cannot be a file name or is taken; nothing is changed then. Raises `StoreError`
    when the disk refuses.
    """
    if not PORTABLE_NAME.fullmatch(new):
        raise ProjectError(f"{new!r} cannot be a file name", hint="Use 1 to 64 letters, digits, _ or -.")
    target = path.with_name(f"{new}.json")
    if target != path and target.exists() and not target.samefile(path):
        raise ProjectError(f"{target.name} is already there", hint="Choose another name, or delete that tool first.")
    project_file = project_folder / PROJECT_FILE
    settings = bytes_of(project_file)
    before = {path: bytes_of(path), target: bytes_of(target), project_file: settings}
    if target != path:
        try:
            path.rename(target)
        except OSError as error:
            raise StoreError(f"{path.name} cannot be renamed: {error.strerror or error}") from None
    if settings is not None and (renamed := renamed_in_settings(settings, old, new)) != settings:
        put_bytes(project_file, renamed)
    return target, _done(f"Renamed {old} to {new}", before)


def renamed_in_settings(settings: bytes, old: str, new: str) -> bytes:
    """Rename `old` to `new` in executors, approval rules, and tool choices; every other character stays.

    Uncertain references are left alone, and become problems of the project.
    """
    try:
        text = settings.decode("utf-8")
        wanted = _renamed(tomllib.loads(text), old, new)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return settings
    quoted = re.escape(old)
    renamed = re.sub(rf'(?m)^(\s*\[\s*executors\s*\.\s*"?){quoted}("?\s*[\].])', rf"\g<1>{new}\g<2>", text)
    renamed = re.sub(rf'(?m)^(\s*tool\s*=\s*"){quoted}(")', rf"\g<1>{new}\g<2>", renamed)
    renamed = re.sub(
        r'(?m)^(\s*tool_choice(?:_after)?\s*=\s*")([^"\n]*)(")',
        lambda found: found[1] + _renamed_in_choice(found[2], old, new) + found[3],
        renamed,
    )
    return renamed.encode() if tomllib.loads(renamed) == wanted else settings


def _renamed(document: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    executors = document.get("executors")
    if isinstance(executors, dict) and new not in executors:
        document["executors"] = {new if name == old else name: row for name, row in executors.items()}
    for rule in document.get("approval") or ():
        if isinstance(rule, dict) and rule.get("tool") == old:
            rule["tool"] = new
    request = document.get("request")
    for key in ("tool_choice", "tool_choice_after"):
        if isinstance(request, dict) and isinstance(text := request.get(key), str):
            request[key] = _renamed_in_choice(text, old, new)
    return document


def _renamed_in_choice(text: str, old: str, new: str) -> str:
    try:
        choice = parse_choice(text)
    except UsageError:
        return text
    names = tuple(new if name == old else name for name in choice.only)
    return str(ToolChoice(choice.mode, names)) if old in choice.only else text


def _free_name(project_folder: Path, wanted: str) -> str:
    taken = {path.stem.casefold() for path in (project_folder / TOOLS_FOLDER).glob("*.json")}
    names = (wanted if number == 1 else f"{wanted}_{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name.casefold() not in taken)


def _done(words: str, before: dict[Path, bytes | None]) -> Undoable:
    return Undoable(words, before, {path: bytes_of(path) for path in before})
