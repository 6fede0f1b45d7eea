"""Files dropped onto the window: what each one is, and importing those that need no preview."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, assert_never

import msgspec

from workbench.app.imports.found import Found
from workbench.app.imports.pasted import recognize_file
from workbench.app.imports.tool_adding import free_path, listed
from workbench.app.mcp.mcp_import import import_servers, servers_in
from workbench.app.tools.tool_changes import Undoable, change_files
from workbench.core.errors import MalformedJson, WorkbenchError
from workbench.core.json_file import read_json_file
from workbench.core.project_folder import CODE_FOLDER, PROJECT_FILE
from workbench.store.keys import KeyStore
from workbench.store.small_file import read_small

DropKind = Literal["project", "tools", "servers", "python", "nothing"]
_QUICK_BYTES = 300_000
"""Larger files are read on the drop, not while they hover over the window."""


class Dropped(msgspec.Struct, frozen=True):
    """One file or folder. `words` say what importing it would do; `obstacle` says why it cannot be imported."""

    kind: DropKind
    path: Path
    words: str
    obstacle: str = ""
    tools: tuple[str, ...] = ()


def look_at(path: Path) -> Dropped:
    """What this file is. Reads it if that is quick, and changes nothing."""
    try:
        if path.is_dir():
            return _folder(path)
        is_large, is_code = path.stat().st_size > _QUICK_BYTES, path.suffix.casefold() == ".py"
        if is_large and not is_code:
            return Dropped("tools", path, f"Preview the tools in {path.name}")
        if is_code and (is_large or (found := recognize_file(path)).is_empty):
            read_small(path)
            return Dropped("python", path, f"Copy {path.name} into {CODE_FOLDER}/; nothing runs before you trust it")
        return _tools(path, found) if is_code else _file(path)
    except (OSError, WorkbenchError) as error:
        return _nothing(path, f"It cannot be read: {getattr(error, 'strerror', '') or error}")


def take_in(folder: Path, keys: KeyStore, dropped: Sequence[Dropped]) -> Undoable:
    """Import code and servers into the project, all or none. Files can be restored; keys stay where they were put.

    Tools are left to the preview, and a project is opened, not imported. The project must be read again. Raises
    `WorkbenchError`.
    """
    wanted: dict[Path, bytes | None] = {}
    said: list[str] = []
    for one in dropped:
        match one.kind:
            case "python":
                said.append(_take_code(folder, one.path, wanted))
            case "project" | "tools" | "servers" | "nothing":
                continue
            case _:
                assert_never(one.kind)
    done = change_files("; ".join(words for words in said if words), wanted)
    servers = [one for one in dropped if one.kind == "servers"]
    return _with_servers(folder, keys, done, servers) if servers else done


def _folder(path: Path) -> Dropped:
    if (path / PROJECT_FILE).is_file():
        return Dropped("project", path, f"Open the project {path.name}")
    return _nothing(path, f"{path.name} is not a project: it has no {PROJECT_FILE}")


def _file(path: Path) -> Dropped:
    if path.suffix.casefold() in (".json", ".jsonc"):
        try:
            document = read_json_file(read_small(path))
        except MalformedJson:
            document = None
        if isinstance(document, dict) and servers_in(document) is not None:
            return Dropped("servers", path, "Add its MCP servers, off until you approve them; nothing is started")
    return _tools(path, recognize_file(path))


def _tools(path: Path, found: Found) -> Dropped:
    if found.is_empty:
        return _nothing(path, found.obstacle)
    if found.conversations:
        return Dropped("tools", path, f"Preview the conversations in {path.name} ({found.shape})")
    names = tuple(one.tool.name for one in found.items)
    words = f"Preview the tool {names[0]}" if len(names) == 1 else f"Preview {len(names):,} tools"
    return Dropped("tools", path, f"{words} ({found.shape})", tools=names)


def _nothing(path: Path, obstacle: str) -> Dropped:
    return Dropped("nothing", path, "", obstacle)


def _take_code(folder: Path, path: Path, wanted: dict[Path, bytes | None]) -> str:
    content = read_small(path)
    target, is_there = free_path(folder / CODE_FOLDER / path.name, wanted, content.__eq__)
    if is_there:
        return f"{target.name} already exists"
    wanted[target] = content
    return f"Copied {target.name} into {CODE_FOLDER}/"


def _with_servers(folder: Path, keys: KeyStore, done: Undoable, servers: Sequence[Dropped]) -> Undoable:
    """Write servers to the project file and their keys to the keyring, which Undo leaves alone."""
    file = folder / PROJECT_FILE
    before = read_small(file)
    said = [done.words] if done.words else []
    try:
        for one in servers:
            imported = import_servers(folder, keys, one.path)
            if imported.added:
                said.append(f"Added {listed(imported.added)}, off until you approve")
            said += [f"{name} skipped: {why}" for name, why in imported.skipped.items()]
            if imported.kept:
                said.append(f"{listed(imported.kept)} already here")
            if imported.missing:
                said.append(f"set {listed(imported.missing)}")
    except WorkbenchError:
        done.undo()
        raise
    after = read_small(file)
    return Undoable("; ".join(said), {**done.before, file: before}, {**done.after, file: after})
