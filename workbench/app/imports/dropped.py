"""Files that somebody drops onto the window: what each of them is, and taking it into the project. Nothing is run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from workbench.app.imports.tool_adding import free_path, listed, plan_tools
from workbench.app.imports.tool_import import tools_in
from workbench.app.mcp.mcp_import import import_servers, servers_in
from workbench.app.tools.tool_changes import Undoable, change_files
from workbench.core.errors import MalformedJson, WorkbenchError
from workbench.core.json_file import read_json_file
from workbench.core.json_text import JsonValue
from workbench.core.project_folder import CODE_FOLDER, PROJECT_FILE
from workbench.store.keys import KeyStore
from workbench.store.small_file import read_small

DropKind = Literal["project", "tools", "servers", "python", "nothing"]
_OPENAPI = "OpenAPI import is not supported yet; describe the operations as tools"


class Dropped(msgspec.Struct, frozen=True):
    """One file or folder. `words` say what taking it would do; `obstacle` says why it cannot be taken."""

    kind: DropKind
    path: Path
    words: str
    obstacle: str = ""
    tools: tuple[str, ...] = ()


def look_at(path: Path) -> Dropped:
    """What this is. Reads it, and changes nothing."""
    try:
        if path.is_dir():
            return _folder(path)
        match path.suffix.casefold():
            case ".json" | ".jsonc":
                return _json(path)
            case ".py":
                read_small(path)
                return Dropped("python", path, f"Copy {path.name} into {CODE_FOLDER}/; it runs only once you trust it")
            case ".yaml" | ".yml":
                head = read_small(path)[:4000].lstrip()
                is_openapi = head.startswith((b"openapi", b"swagger")) or b"\nopenapi:" in head
                return _nothing(path, _OPENAPI if is_openapi else "YAML files are not supported yet")
            case ".jsonl":
                return _nothing(path, "Recorded runs cannot be imported yet")
            case _:
                return _nothing(
                    path, "Only projects, tools (.json), MCP configurations (.json) and Python can be dropped"
                )
    except (OSError, WorkbenchError) as error:
        return _nothing(path, f"It cannot be read: {getattr(error, 'strerror', '') or error}")


def take_in(folder: Path, keys: KeyStore, dropped: Sequence[Dropped]) -> Undoable:
    """Take these into the project, all or none; what can be undone is files, and keys stay where they were put.

    Folders are not among them: a project is opened, not taken in. Raises `WorkbenchError`. The project is to be read
    again.
    """
    wanted: dict[Path, bytes | None] = {}
    said: list[str] = []
    for one in dropped:
        match one.kind:
            case "tools":
                said.append(plan_tools(folder, tools_in(_document(one.path)), wanted))
            case "python":
                said.append(_take_code(folder, one.path, wanted))
            case _:
                continue
    done = change_files("; ".join(words for words in said if words), wanted)
    servers = [one for one in dropped if one.kind == "servers"]
    return _with_servers(folder, keys, done, servers) if servers else done


def _folder(path: Path) -> Dropped:
    if (path / PROJECT_FILE).is_file():
        return Dropped("project", path, f"Open the project {path.name}")
    return _nothing(path, f"{path.name} is not a project: it has no {PROJECT_FILE}")


def _json(path: Path) -> Dropped:
    try:
        document = _document(path)
    except MalformedJson as error:
        return _nothing(path, f"It is not JSON: {error}")
    if isinstance(document, dict):
        if "openapi" in document or "swagger" in document:
            return _nothing(path, _OPENAPI)
        if servers_in(document) is not None:
            return Dropped("servers", path, "Add its MCP servers, off until you approve them; nothing is started")
    tools = tools_in(document)
    if not tools:
        return _nothing(path, "It contains no tools or MCP servers")
    names = tuple(tool.name for tool in tools)
    words = f"Add the tool {names[0]}" if len(names) == 1 else f"Add {len(names)} tools"
    return Dropped("tools", path, words, tools=names)


def _document(path: Path) -> JsonValue:
    return read_json_file(read_small(path))


def _nothing(path: Path, obstacle: str) -> Dropped:
    return Dropped("nothing", path, "", obstacle)


def _take_code(folder: Path, path: Path, wanted: dict[Path, bytes | None]) -> str:
    content = read_small(path)
    target = free_path(folder / CODE_FOLDER / path.name, wanted, lambda held: held == content)
    if target is None:
        return f"{path.name} already exists"
    wanted[target] = content
    return f"Copied {target.name} into {CODE_FOLDER}/; trust the code to import its tools"


def _with_servers(folder: Path, keys: KeyStore, done: Undoable, servers: Sequence[Dropped]) -> Undoable:
    """Servers go into the project file, and their keys into the keyring, which Undo leaves alone."""
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
