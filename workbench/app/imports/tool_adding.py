"""Tools that come from somewhere else, as files of the project: what is there already stays, and nothing is lost."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from workbench.app.tools.tool_changes import Undoable, change_files
from workbench.core.errors import StoreError, WorkbenchError
from workbench.core.project_folder import TOOLS_FOLDER
from workbench.core.tool import Tool
from workbench.store.small_file import read_small
from workbench.store.tool_file import read_tool, tool_text


def add_tools(folder: Path, tools: Sequence[Tool], *, replace: bool = False) -> Undoable:
    """Write each tool's file, all or none; one undo takes all of them back. Raises `WorkbenchError`.

    A name that another tool has gets a number, unless that tool is to be replaced.
    """
    wanted: dict[Path, bytes | None] = {}
    return change_files(plan_tools(folder, tools, wanted, replace=replace), wanted)


def plan_tools(folder: Path, tools: Sequence[Tool], wanted: dict[Path, bytes | None], *, replace: bool = False) -> str:
    """Put the files of these tools into `wanted`; what that does, in words."""
    added, kept = [], []
    for tool in tools:
        target = target_of(folder, tool, wanted, replace=replace)
        if target is None:
            kept.append(tool.name)
            continue
        named = tool if target.stem == tool.name else Tool({**tool.document, "name": target.stem})
        wanted[target] = tool_text(named).encode()
        added.append(named.name)
    words = f"Added {listed(added)}" if added else ""
    same = f"{listed(kept)} {'is' if len(kept) == 1 else 'are'} already here" if kept else ""
    return "; ".join(part for part in (words, same) if part)


def target_of(
    folder: Path, tool: Tool, wanted: dict[Path, bytes | None] | None = None, *, replace: bool = False
) -> Path | None:
    """The file that this tool would get; None when the same tool is already there."""
    path = folder / TOOLS_FOLDER / f"{tool.name}.json"
    taken = wanted if wanted is not None else {}
    if replace and path not in taken:
        return None if path.is_file() and _is(tool, read_small(path)) else path
    return free_path(path, taken, partial(_is, tool))


def free_path(path: Path, wanted: dict[Path, bytes | None], is_same: Callable[[bytes], bool]) -> Path | None:
    """This path, or one with a number when it is taken; None when the same thing is already there. Raises `StoreError`
    when a hundred are taken."""
    for number in range(1, 100):
        candidate = path if number == 1 else path.with_name(f"{path.stem}_{number}{path.suffix}")
        held = wanted.get(candidate)
        if held is None and candidate.exists():
            held = read_small(candidate)
        if held is None:
            return candidate
        if is_same(held):
            return None
    raise StoreError(f"there are too many files like {path.name}")


def listed(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _is(tool: Tool, held: bytes) -> bool:
    try:
        return read_tool(held.decode("utf-8-sig")).digest == tool.digest
    except (WorkbenchError, UnicodeDecodeError):
        return False
