"""Reads the project again after a page has written one of its files."""

from workbench.gui.frame.feature import WindowContext


class Rereading:
    """One reading at a time; files written meanwhile are read in another turn."""

    def __init__(self, context: WindowContext, task: str) -> None:
        """`task` names the task, one per feature."""
        self._context = context
        self._task = task
        self._is_stale = False

    def ask(self) -> None:
        """A file was written. Ignored while the window closes: the next one reads what it saves."""
        self._is_stale = True
        if self._context.documents.isVisible():
            self._context.tasks.start(self._task, self.read())

    async def read(self) -> None:
        """Read until nothing more was written."""
        while self._is_stale:
            self._is_stale = False
            await self._context.read_again()
