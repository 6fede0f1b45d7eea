"""The run list as it is now. Only what changed is read again."""

import threading

from workbench.app.runs.conversation_tree import ConversationTree
from workbench.store.runs import RunStore


class RunList:
    """Thread-safe. What it gives out never changes."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._newest_change = -1
        self._tree = ConversationTree(())

    def tree(self) -> ConversationTree:
        """All runs as conversations; the same object as long as nothing has changed. Raises `StoreError`."""
        with self._lock:
            changes = self._store.changes(self._newest_change)
            self._newest_change = changes.newest
            new = [row for row in changes.rows if self._tree.row(row.run_id) != row]
            gone = [run_id for run_id in changes.gone if self._tree.row(run_id) is not None]
            if new or gone:
                self._tree = self._tree.changed(new, gone)
            return self._tree
