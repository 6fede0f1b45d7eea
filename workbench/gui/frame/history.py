"""The run history as the window knows it: read off its thread, renamed, deleted and brought back."""

import asyncio
from collections.abc import Callable

from workbench.app.parts import HasRuns
from workbench.app.runs.conversation_tree import ConversationTree
from workbench.core.ids import RunId
from workbench.core.signal import Signal
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.toasts import Toasts
from workbench.viewmodels.explorer.explorer import ExplorerViewModel
from workbench.viewmodels.explorer.history_rows import HistorySections
from workbench.viewmodels.shared.figures import count
from workbench.viewmodels.shared.plain import one_line

_TASK = "history"


class RunHistory:
    """Reading waits until the newest facts are written, so it is never done on the window's thread."""

    def __init__(
        self,
        parts: HasRuns,
        explorer: ExplorerViewModel,
        tasks: Tasks,
        toasts: Toasts,
        take_tree: Callable[[ConversationTree], None],
    ) -> None:
        """`take_tree` gets every new state of the run list."""
        self.tree = ConversationTree(())
        self.is_over = False
        self.deleted: Signal[[tuple[RunId, ...]]] = Signal()
        """These runs are gone."""
        self._runs = parts.runs
        self._explorer = explorer
        self._tasks = tasks
        self._toasts = toasts
        self._take_tree = take_tree
        self._is_stale = False
        explorer.history_asked.connect(self.read)

    def read(self) -> None:
        """Read the list again, soon; as often as needed and never twice at the same time."""
        if not self.is_over and not self._tasks.start(_TASK, self._show()):
            self._is_stale = True

    async def finished(self) -> None:
        """Wait until the list that is being read is shown."""
        await self._tasks.finish(_TASK)

    def rename(self, root: RunId, name: str) -> None:
        """Name a conversation."""
        row = self.tree.conversation_of(root)
        if row is not None and name.strip() != row.title:
            self._tasks.start(f"rename {root}", self._rename(root, name))

    def delete(self, root: RunId) -> None:
        """Delete a conversation with everything in it, as it is now; it can be brought back."""
        self._tasks.start(f"delete {root}", self._delete(root))

    async def _rename(self, root: RunId, name: str) -> None:
        await asyncio.to_thread(self._runs.rename, root, name)
        self.read()

    async def _delete(self, root: RunId) -> None:
        row = (await asyncio.to_thread(self._runs.tree)).conversation_of(root)
        if row is None:
            return
        if any(run_id in self._runs.live for run_id in row.runs):
            self._toasts.tell("This conversation is running. Stop it first.", tone="warn")
            return
        await self._mark(row.runs, deleted=True)
        self.deleted.emit(row.runs)
        words = one_line(row.title, 40) or "the conversation"
        self._toasts.tell(f"Deleted “{words}” ({count(row.messages, 'message')})", lambda: self._bring_back(row.runs))

    def _bring_back(self, runs: tuple[RunId, ...]) -> None:
        self._tasks.start(f"restore {runs[0]}", self._mark(runs, deleted=False))

    async def _mark(self, runs: tuple[RunId, ...], *, deleted: bool) -> None:
        for run_id in runs:
            await asyncio.to_thread(self._runs.delete, run_id, deleted=deleted)
        self.read()

    async def _show(self) -> None:
        self._is_stale = True
        while self._is_stale:
            self._is_stale = False
            tree, rows = await asyncio.to_thread(self._read)
            self.tree = tree
            self._explorer.show_history(rows)
            self._take_tree(tree)

    def _read(self) -> tuple[ConversationTree, HistorySections]:
        tree = self._runs.tree()
        return tree, self._explorer.history_rows(tree)
