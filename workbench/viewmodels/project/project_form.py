"""What every form over workbench.toml shares: a change is written at once, the project is reloaded, and the change can
be undone as long as nothing else has changed the file."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from workbench.app.parts import HasProject
from workbench.app.project.file_change import FileChange, take_back
from workbench.core.errors import WorkbenchError
from workbench.core.signal import Signal

FormParts = TypeVar("FormParts", bound=HasProject)


class ProjectForm(Generic[FormParts]):
    """`message` says what came of the last action; `is_good` whether it succeeded."""

    def __init__(self, parts: FormParts, reload: Callable[[], Awaitable[None]]) -> None:
        """`reload` reads the project's files again, and shows it everywhere."""
        self._parts = parts
        self._reload = reload
        self._undone: list[FileChange] = []
        self.changed: Signal[[]] = Signal()
        self.message = ""
        self.is_good = True

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._undone)

    async def undo(self) -> bool:
        """Undo the last change."""
        if not self._undone:
            return False
        try:
            take_back(self._parts.project.folder, self._undone.pop())
        except WorkbenchError as error:
            self._fail(error)
            return False
        await self._reload()
        self._show_undone()
        return True

    async def _write_change(self, write: Callable[[], FileChange]) -> bool:
        """Write, and read the project again; what cannot be written is said."""
        try:
            self._undone.append(write())
        except WorkbenchError as error:
            self._fail(error)
            return False
        await self._reload()
        return True

    def _show_undone(self) -> None:
        self._tell("Undone.", is_good=True)

    def _fail(self, error: WorkbenchError, about: str = "") -> None:
        self._tell(f"{about}{error.message}. {error.hint}".strip(), is_good=False)

    def _tell(self, message: str, *, is_good: bool) -> None:
        self.message, self.is_good = message, is_good
        self.changed.emit()
