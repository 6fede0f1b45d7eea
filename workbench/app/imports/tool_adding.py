"""Where things that come from somewhere else go: what is there already stays, and nothing is lost."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from workbench.app.imports.found import same_tool
from workbench.core.errors import StoreError, WorkbenchError
from workbench.core.project_folder import TOOLS_FOLDER
from workbench.core.tool import Tool
from workbench.store.small_file import read_small
from workbench.store.tool_file import read_tool


def target_of(
    folder: Path, tool: Tool, wanted: dict[Path, bytes | None] | None = None, *, replace: bool = False
) -> Path | None:
    """The file that this tool would get; None when the same tool is already there."""
    path = folder / TOOLS_FOLDER / f"{tool.name}.json"
    taken = wanted if wanted is not None else {}
    if replace and path not in taken:
        return None if path.is_file() and _is(tool, read_small(path)) else path
    found, is_there = free_path(path, taken, partial(_is, tool))
    return None if is_there else found


def free_path(path: Path, wanted: dict[Path, bytes | None], is_same: Callable[[bytes], bool]) -> tuple[Path, bool]:
    """This path, or one with a number when it is taken; and whether the same thing is already there. Raises
    `StoreError` when a hundred are taken."""
    for number in range(1, 100):
        candidate = path if number == 1 else path.with_name(f"{path.stem}_{number}{path.suffix}")
        held = wanted.get(candidate)
        if held is None and candidate.exists():
            held = read_small(candidate)
        if held is None or is_same(held):
            return candidate, held is not None
    raise StoreError(f"there are too many files like {path.name}")


def listed(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _is(tool: Tool, held: bytes) -> bool:
    try:
        return same_tool(read_tool(held.decode("utf-8-sig")), tool)
    except (WorkbenchError, UnicodeDecodeError):
        return False
