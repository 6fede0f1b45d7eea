"""What an import would do to a project: a line for each tool, with its present state. Nothing is written before it is
carried out, all of it or nothing, and one undo reverts it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from workbench.app.imports.executor_rows import rows_in, with_rows
from workbench.app.imports.found import (
    Found,
    FoundTool,
    SourceFile,
    code_mark,
    plain_digest,
    remembering,
    same_tool,
    source_of,
)
from workbench.app.imports.tool_adding import free_path, listed, target_of
from workbench.app.schema_editor.tool_editing import bytes_of
from workbench.app.tools.tool_changes import Undoable, change_files
from workbench.core.errors import StoreError, WorkbenchError
from workbench.core.project_folder import CODE_FOLDER, PROJECT_FILE, TOOLS_FOLDER
from workbench.core.tool import Tool
from workbench.store.small_file import read_small, text_in
from workbench.store.tool_file import read_tool, tool_text

MOST_AT_ONCE = 128
"""More tools than this are not preselected: no vendor takes as many in one request."""

ImportFate = Literal["new", "same", "changed", "edited", "both", "replaces", "numbered", "impossible"]
_WORDS: dict[ImportFate, str] = {
    "new": "new",
    "same": "already here",
    "changed": "changed in the source",
    "edited": "you edited it; unchanged in the source",
    "both": "changed in the source, and you edited it",
    "replaces": "replaces the project's tool",
}
_UNCHOSEN = frozenset[ImportFate](["same", "edited", "both", "impossible"])


class PlannedTool(msgspec.Struct, frozen=True):
    """One tool. `name` is its name in the project, `path` its file, `before` the tool that now has this file or
    name."""

    found: FoundTool
    name: str
    path: Path
    fate: ImportFate
    words: str
    before: Tool | None = None
    code_path: Path | None = None
    """Where the file of its function goes, or already is."""

    @property
    def row(self) -> Mapping[str, Any] | None:
        """The row of `[executors]` that runs it."""
        if self.code_path is None or self.found.runs is None:
            return self.found.runs
        return {**self.found.runs, "function": f"{self.code_path.stem}:{self.found.runs['function']}"}

    @property
    def after(self) -> Tool:
        """The tool as it would be written."""
        tool = remembering(self.found)
        return tool if tool.name == self.name else Tool({**tool.document, "name": self.name})


class ImportPlan(msgspec.Struct, frozen=True):
    """Lines in the order of the source. `missing` are tools of the project that came from this kind of source and are
    no longer in it."""

    found: Found
    tools: tuple[PlannedTool, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def chosen_at_first(self) -> frozenset[int]:
        """The places of the preselected ones."""
        wanted = [place for place, one in enumerate(self.tools) if one.fate not in _UNCHOSEN]
        return frozenset(wanted) if len(wanted) <= MOST_AT_ONCE else frozenset()

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes about the import as a whole."""
        made = list(self.found.notes)
        if len(self.tools) > MOST_AT_ONCE:
            made.append(f"{len(self.tools):,} tools are more than vendors take in one request; choose those you need")
        if self.missing:
            made.append(f"no longer in the source, and kept in the project: {listed(self.missing)}")
        skipped = len(self.found.skipped)
        if skipped:
            shown = "; ".join(f"{name}: {why}" for name, why in self.found.skipped[:3])
            made.append(f"{skipped} skipped: {shown}" + ("; …" if skipped > 3 else ""))
        return tuple(made)


def plan_import(folder: Path, found: Found, *, replace: bool = False) -> ImportPlan:
    """What adding all of these would do. With `replace`, a tool replaces one with its name."""
    held = _tools_of(folder)
    by_identity = {identity: path for path, tool in held.items() if (identity := source_of(tool).identity)}
    again = {held[by_identity[one.identity]].name for one in found.items if one.identity in by_identity}
    rows = _rows_of(folder, found.items)
    users = _code_users(folder, rows)
    wanted: dict[Path, bytes | None] = {}
    planned = []
    for one in found.items:
        path = by_identity.get(one.identity) if one.identity else None
        own = None
        if path is not None and path not in wanted:
            row = rows.get(held[path].name, {})
            file = _code_file(folder, row.get("function")) if row.get("kind") == "python" else None
            code = bytes_of(file) if file is not None and one.code is not None else None
            made = _again(one, path, held[path], code)
            if file is not None and code is not None and code_mark(code) == source_of(held[path]).code:
                own = file if users[file] <= again else None
        else:
            made = _first(folder, one, wanted, held, replace=replace)
        if made.fate not in ("same", "impossible"):
            wanted[made.path] = tool_text(made.after).encode()
        if one.code is not None:
            made = msgspec.structs.replace(made, code_path=_code_path(folder, one.code, own, wanted))
        planned.append(made)
    return ImportPlan(found, tuple(planned), _missing(found, held, by_identity))


def _rows_of(folder: Path, tools: Iterable[FoundTool]) -> dict[str, dict[str, Any]]:
    """The project's rows, if one of these tools has code."""
    return rows_in(text_in(read_small(folder / PROJECT_FILE))) if any(one.code is not None for one in tools) else {}


def _code_file(folder: Path, function: object) -> Path | None:
    """The file in `python/` that a function is in."""
    module = str(function).partition(":")[0]
    return folder / CODE_FOLDER / f"{module}.py" if module.isidentifier() else None


def _code_users(folder: Path, rows: Mapping[str, Mapping[str, Any]]) -> dict[Path, set[str]]:
    """A file in `python/` → the tools that need it: for their function, their loader, or what their mock replies."""
    users: dict[Path, set[str]] = {}
    for name, row in rows.items():
        for function in _functions(row):
            if (file := _code_file(folder, function)) is not None:
                users.setdefault(file, set()).add(name)
    return users


def _functions(value: Any) -> Iterator[str]:
    for key, each in value.items() if isinstance(value, Mapping) else enumerate(value):
        if isinstance(each, (Mapping, list)):
            yield from _functions(each)
        elif key in ("function", "loader", "python"):
            yield str(each)


def _code_path(folder: Path, code: SourceFile, own: Path | None, wanted: dict[Path, bytes | None]) -> Path:
    """Where a file of code goes: in place of its `own` one, if that is unedited; else where the same file already
    is, or to a free place."""
    if own is None or wanted.get(own) not in (None, code.content):
        own, _ = free_path(folder / CODE_FOLDER / code.name, wanted, code.content.__eq__)
    wanted[own] = code.content
    return own


def _placed(folder: Path, chosen: Sequence[PlannedTool]) -> Iterator[PlannedTool]:
    """These tools; if others need a code file as it is, the new one goes beside it."""
    users = _code_users(folder, _rows_of(folder, (one.found for one in chosen)))
    names = {one.name for one in chosen}
    wanted: dict[Path, bytes | None] = {}
    for one in chosen:
        code, path = one.found.code, one.code_path
        if code is None or path is None:
            yield one
        else:
            own = path if users.get(path, names) <= names else None
            yield msgspec.structs.replace(one, code_path=_code_path(folder, code, own, wanted))


def carry_out(folder: Path, chosen: Sequence[PlannedTool]) -> Undoable:
    """Write the files of these tools and the rows that run them, or nothing at all. Raises `StoreError` when one cannot
    be written."""
    wanted: dict[Path, bytes | None] = {}
    rows: dict[str, Mapping[str, Any]] = {}
    added: list[str] = []
    kept: list[str] = []
    replaced: list[str] = []
    code: dict[str, None] = {}
    for one in _placed(folder, chosen):
        if one.fate == "impossible":
            raise StoreError(one.words)
        if one.fate == "same":
            kept.append(one.name)
        else:
            (added if one.fate in ("new", "numbered") else replaced).append(one.name)
            wanted[one.path] = tool_text(one.after).encode()
        if one.row is not None:
            rows[one.name] = one.row
        if one.code_path is not None and one.found.code is not None:
            wanted[one.code_path] = one.found.code.content
            code[one.code_path.name] = None
    file = folder / PROJECT_FILE
    if rows and (text := _with_new_rows(text_in(read_small(file)), rows, frozenset(kept))) is not None:
        wanted[file] = text.encode()
    same = f"{listed(kept)} {'is' if len(kept) == 1 else 'are'} already here" if kept else ""
    said = (f"Added {listed(added)}" if added else "", f"Replaced {listed(replaced)}" if replaced else "", same)
    runs = f"{listed(list(code))} runs only once you trust the project's code" if code else ""
    return change_files("; ".join(part for part in (*said, runs) if part), wanted)


def _with_new_rows(text: str, rows: Mapping[str, Mapping[str, Any]], same: frozenset[str]) -> str | None:
    """The project file with the rows; a mock, another kind, or the row of a tool that stays as it is are left alone."""
    held = rows_in(text)
    needed = {
        name: row
        for name, row in rows.items()
        if name not in held or (name not in same and held[name].get("kind") == row["kind"] and row["kind"] != "mcp")
    }
    after = with_rows(text, needed)
    return after if after != text else None


def _again(one: FoundTool, path: Path, before: Tool, code: bytes | None) -> PlannedTool:
    """A tool that was imported before, under any name; `code` is in the file of its function."""
    name, source = before.name, source_of(before)
    after = Tool({**one.tool.document, "name": name})
    is_untouched, is_old = plain_digest(before) == source.digest, plain_digest(one.tool) == source.digest
    if one.code is not None:
        is_untouched = is_untouched and code is not None and code_mark(code) == source.code
        is_old = is_old and one.code.mark == source.code
    fate: ImportFate = "both"
    is_tool_same = same_tool(after, before)
    if is_tool_same and (one.code is None or one.code.content == code):
        fate = "same"
    elif is_old:
        fate = "edited"
    elif is_untouched:
        fate = "changed"
    renamed = f" ({one.tool.name} in the source)" if name != one.tool.name else ""
    about = "its code: " if is_tool_same and fate != "same" else ""
    return PlannedTool(one, name, path, fate, about + _WORDS[fate] + renamed, before)


def _first(
    folder: Path, one: FoundTool, wanted: dict[Path, bytes | None], held: Mapping[Path, Tool], *, replace: bool
) -> PlannedTool:
    """A tool imported for the first time, or with no identity but its name."""
    own = folder / TOOLS_FOLDER / f"{one.tool.name}.json"
    try:
        target = target_of(folder, remembering(one), wanted, replace=replace)
    except WorkbenchError as error:
        return PlannedTool(one, one.tool.name, own, "impossible", error.message)
    before = held.get(own)
    if target is None:
        return PlannedTool(one, one.tool.name, own, "same", _WORDS["same"], before)
    if target.stem != one.tool.name:
        return PlannedTool(one, target.stem, target, "numbered", f"name taken, becomes {target.stem}", before)
    fate: ImportFate = "replaces" if before is not None or target.exists() else "new"
    return PlannedTool(one, one.tool.name, target, fate, _WORDS[fate], before)


def _tools_of(folder: Path) -> dict[Path, Tool]:
    """The readable tools of a project."""
    found = {}
    for path in sorted((folder / TOOLS_FOLDER).glob("*.json")):
        try:
            found[path] = read_tool(read_small(path).decode("utf-8-sig"))
        except (OSError, UnicodeDecodeError, WorkbenchError):
            continue
    return found


def _missing(found: Found, held: Mapping[Path, Tool], by_identity: Mapping[str, Path]) -> tuple[str, ...]:
    """Tools that were imported together with some that are here again; only where most of them are."""
    here = {one.identity for one in found.items if one.identity}
    gone = [held[path].name for identity, path in by_identity.items() if identity not in here]
    return tuple(gone) if here and len(here & by_identity.keys()) > len(gone) else ()
