"""Reads the project again after a page has written one of its files."""

from workbench.gui.frame.feature import WindowContext


class Rereading:
    """One reading at a time; what is written meanwhile is read in another turn."""

    def __init__(self, context: WindowContext, task: str) -> None:
        """`task` names the task, one for each feature."""
        self._context = context
        self._task = task
        self._is_stale = False

    def ask(self) -> None:
        """A file was written. Not for a window that is going: what it saves in leaving is read by the next one."""
        self._is_stale = True
        if self._context.documents.isVisible():
            self._context.tasks.start(self._task, self.read())

    async def read(self) -> None:
        """Read until nothing was written meanwhile."""
        while self._is_stale:
            self._is_stale = False
            await self._context.read_again()
