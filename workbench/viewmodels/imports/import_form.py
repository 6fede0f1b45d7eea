"""Tools that somebody pastes: what was recognized, what each becomes, and what adding them does to the project."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from workbench.app.imports.pasted import Pasted, recognize
from workbench.app.imports.tool_adding import add_tools, target_of
from workbench.app.imports.tool_import import SCHEMA
from workbench.app.parts import HasProject
from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import WorkbenchError
from workbench.core.json_text import pretty
from workbench.core.tool import Tool
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.signal import Signal

_QUICK_CHARS = 200_000


@dataclass(frozen=True)
class ImportRow:
    """A tool that was found. `fate` is what would become of it."""

    key: str
    name: str
    fate: str
    is_chosen: bool


class ImportForm:
    """Nothing is written before `add`, and one undo takes all of it back."""

    def __init__(self, parts: HasProject) -> None:
        self.text = ""
        self.found = recognize("")
        self.replaces = ""
        self.overwrite = False
        """Whether a tool takes the place of one with its name; else it gets another name."""
        self.selected = 0
        self.changed: Signal[[]] = Signal()
        self._parts = parts
        self._left_out: set[int] = set()
        self._fates: tuple[str, ...] = ()
        self._read = ""

    @property
    def verdict(self) -> str:
        """What was recognized, or why nothing was."""
        if self.found.obstacle:
            return self.found.obstacle
        return f"{figures.count(len(self.found.tools), 'tool')} found · {self.found.shape}"

    @property
    def rows(self) -> tuple[ImportRow, ...]:
        """The tools that were found."""
        return tuple(
            ImportRow(str(place), tool.name, fate, place not in self._left_out)
            for place, (tool, fate) in enumerate(zip(self.found.tools, self._fates, strict=False))
        )

    @property
    def chosen(self) -> tuple[Tool, ...]:
        """What would be added."""
        return tuple(tool for place, tool in enumerate(self.found.tools) if place not in self._left_out)

    @property
    def preview(self) -> str:
        """The file of the selected tool."""
        tools = self.found.tools
        return pretty(tools[self.selected].document) if self.selected < len(tools) else ""

    @property
    def can_add(self) -> bool:
        """Whether something would be added."""
        return bool(self.chosen)

    @property
    def replacement(self) -> Tool | None:
        """What would take the place of the editor's tool; None where that is not one tool."""
        return self.chosen[0] if self.replaces and len(self.chosen) == 1 else None

    def be_for(self, replaces: str) -> None:
        """The tool of an editor that a single found tool can take the place of; empty for none."""
        self.replaces = replaces
        self.changed.emit()

    def write(self, text: str) -> None:
        """The text is now this; `read` looks at it."""
        self.text = text

    async def read(self) -> None:
        """Recognize the text, off this thread, until it stays the same."""
        while self._read != self.text or not self._fates:
            text = self._read = self.text
            found = await asyncio.to_thread(recognize, text)
            fates = await asyncio.to_thread(self._fates_of, found)
            if text == self.text:
                self._take(found, fates)
                return

    def choose(self, key: str, *, is_chosen: bool) -> None:
        """Add this tool or leave it out."""
        (self._left_out.discard if is_chosen else self._left_out.add)(int(key))
        self.changed.emit()

    def select(self, place: int) -> None:
        """Show what this tool becomes."""
        if place != self.selected and place >= 0:
            self.selected = place
            self.changed.emit()

    async def use_overwrite(self, *, overwrite: bool) -> None:
        """Replace tools of the same name, or keep both."""
        self.overwrite = overwrite
        self._fates = await asyncio.to_thread(self._fates_of, self.found)
        self.changed.emit()

    def add(self) -> Undoable:
        """Write the chosen tools; to be called off the window's thread. Raises `WorkbenchError`."""
        return add_tools(self._folder, self.chosen, replace=self.overwrite)

    @property
    def _folder(self) -> Path:
        return self._parts.project.folder

    def _take(self, found: Pasted, fates: tuple[str, ...]) -> None:
        self.found, self._fates = found, fates
        self._left_out, self.selected = set(), 0
        self.changed.emit()

    def _fates_of(self, found: Pasted) -> tuple[str, ...]:
        wanted: dict[Path, bytes | None] = {}
        return tuple(self._fate(tool, wanted) for tool in found.tools)

    def _fate(self, tool: Tool, wanted: dict[Path, bytes | None]) -> str:
        try:
            target = target_of(self._folder, tool, wanted, replace=self.overwrite)
        except WorkbenchError as error:
            return error.message
        if target is None:
            return "already here"
        wanted[target] = b""
        if target.stem != tool.name:
            return f"name taken, becomes {target.stem}"
        return "replaces the project's tool" if target.exists() else "new"


def holds_foreign_tools(text: str, *, is_whole: bool, also_own: bool = False) -> bool:
    """Whether a pasted text should be converted first. A piece of a schema is what schemas are made of, so it is left
    alone unless it is to be the whole text. With `also_own`, a tool in our own shape counts too."""
    if len(text) > _QUICK_CHARS:
        return also_own  # it is looked at on the page
    found = recognize(text)
    if also_own:
        return bool(found.tools)
    return found.is_foreign and (is_whole or found.shape != SCHEMA)
