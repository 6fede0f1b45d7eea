"""A form for rules that are read from the top: one of them is edited, moved, or removed at a time."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from workbench.viewmodels.project.project_form import FormParts, ProjectForm


class RuleLine(Protocol):
    """A rule in its list; `was` is its original in the file, None for a new one."""

    @property
    def was(self) -> Any: ...


Line = TypeVar("Line", bound=RuleLine)


class RuleListForm(ProjectForm[FormParts], Generic[FormParts, Line]):
    """The order and the selection; subclasses know what a rule is."""

    lines: tuple[Line, ...] = ()
    selected: int | None = None
    moved_words = "Moved."

    async def move(self, step: int) -> bool:
        """Move the selected rule up or down."""
        place = self.selected
        if place is None or not 0 <= place + step < len(self.lines):
            return False
        lines = list(self.lines)
        lines.insert(place + step, lines.pop(place))
        return await self._write(lines, place + step, self.moved_words)

    async def remove(self) -> bool:
        """Remove the selected rule."""
        if self.selected is None:
            return False
        lines = list(self.lines)
        gone = lines.pop(self.selected)
        place = min(self.selected, len(lines) - 1) if lines else None
        return await self._write(lines, place, self._removed_words(gone))

    async def _put(self, line_of: Callable[[Any], Line]) -> bool:
        """Write a rule in place of the selected one, or a new one at the end; `line_of` gets its original."""
        lines, place = list(self.lines), self.selected
        if place is None:
            place = len(lines)
            lines.append(line_of(None))
        else:
            lines[place] = line_of(lines[place].was)
        return await self._write(lines, place, "Written.")

    def _removed_words(self, _gone: Line) -> str:
        return "Removed."

    @abstractmethod
    async def _write(self, lines: list[Line], place: int | None, message: str) -> bool: ...

    @abstractmethod
    def _take(self, place: int | None, message: str) -> None: ...

    def _show_undone(self) -> None:
        self._take(self.selected, "Undone.")
