"""What every form over workbench.toml shares: a change is written at once, the project is read anew, and the change can
be taken back as long as nothing else has changed the file."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from workbench.app.project.file_change import FileChange, take_back
from workbench.core.errors import WorkbenchError
from workbench.viewmodels.shared.signal import Signal

if TYPE_CHECKING:
    from workbench.app.session import Session


class ProjectForm:
    """`message` says what came of the last wish; `is_good` whether it is a success."""

    def __init__(self, session: "Session", reload: Callable[[], Awaitable[None]]) -> None:
        """`reload` reads the project's files again, and shows it wherever it matters."""
        self._session = session
        self._reload = reload
        self._undone: list[FileChange] = []
        self.changed: Signal[[]] = Signal()
        self.message = ""
        self.is_good = True

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._undone)

    async def undo(self) -> bool:
        """Take the last change back."""
        if not self._undone:
            return False
        try:
            take_back(self._session.project.folder, self._undone.pop())
        except WorkbenchError as error:
            self._fail(error)
            return False
        await self._reload()
        self._show_undone()
        return True

    async def _written(self, write: Callable[[], FileChange], about: str = "") -> bool:
        """Write, and read the project anew; what cannot be written is said, with `about` in front."""
        try:
            self._undone.append(write())
        except WorkbenchError as error:
            self._fail(error, about)
            return False
        await self._reload()
        return True

    def _show_undone(self) -> None:
        self._tell("Taken back.", is_good=True)

    def _fail(self, error: WorkbenchError, about: str = "") -> None:
        self._tell(f"{about}{error.message}. {error.mend}".strip(), is_good=False)

    def _tell(self, message: str, *, is_good: bool) -> None:
        self.message, self.is_good = message, is_good
        self.changed.emit()
