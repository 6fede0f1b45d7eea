"""How this user likes to approve: the seconds in which an approval in the window can be undone."""

import json
from pathlib import Path

from workbench.core.errors import StoreError
from workbench.store.tool_file import write_whole

UNDO_S = 3.0
_KEY = "undo_approvals"


class ApprovalHabit:
    """A small file of the user's own. It never lets a call run; at worst, the time to undo is there or is not."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._is_on = self._read()

    @property
    def undo_s(self) -> float:
        """For how long an approval of a call that acts on the world can be undone; 0 for not at all."""
        return UNDO_S if self._is_on else 0.0

    def allow_undo(self, *, is_on: bool) -> None:
        """Have that time, which is how it begins, or do without. Raises `StoreError` when it cannot be kept."""
        self._is_on = is_on
        try:
            write_whole(self._file, json.dumps({_KEY: is_on}) + "\n")
        except OSError as error:
            raise StoreError(f"this setting applies until you quit, but could not be saved: {error}") from error

    def _read(self) -> bool:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return True
        return not (isinstance(found, dict) and found.get(_KEY) is False)
