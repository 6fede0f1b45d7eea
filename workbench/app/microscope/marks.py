"""The marks of an open project: decisions that a person marked as wrong, stored beside the runs."""

import uuid
from collections.abc import Callable
from pathlib import Path

from workbench.app.clock import SystemClock
from workbench.app.microscope.decision import RecordedDecision
from workbench.core.ids import RunId
from workbench.core.mark import Mark
from workbench.core.selection import ExpectedCall
from workbench.store.mark_store import MarkStore
from workbench.store.redaction import Redactor


class Marks:
    """Creates, lists, and removes marks. Every change returns its undo; all raise `StoreError`.

    They are read once, by `read` or on first use; changes made here are added.
    """

    def __init__(self, history: Path, redactor: Redactor) -> None:
        self._store = MarkStore(history, redactor)
        self._known: tuple[Mark, ...] | None = None

    @property
    def unreadable(self) -> int:
        """How many lines of the file could not be read last time."""
        return self._store.unreadable

    def read(self) -> None:
        """Read them again."""
        self._known = self._store.all()

    def all(self) -> tuple[Mark, ...]:
        """The active marks, oldest first."""
        if self._known is None:
            self.read()
        return self._known or ()

    def of_run(self, run_id: RunId) -> tuple[Mark, ...]:
        """The marks of one run."""
        return tuple(mark for mark in self.all() if mark.run_id == run_id)

    def at(self, run_id: RunId, point: str) -> Mark | None:
        """The newest mark of a decision."""
        found = (mark for mark in reversed(self.all()) if (mark.run_id, mark.point) == (run_id, point))
        return next(found, None)

    def make(
        self, decision: RecordedDecision, expected: ExpectedCall | None, *, call: int = 0, note: str = ""
    ) -> tuple[Mark, Callable[[], None]]:
        """Mark a decision as wrong; an existing mark is replaced."""
        old = self.at(decision.run_id, str(decision.point))
        mark = Mark(
            mark_id=uuid.uuid4().hex[:12],
            at=SystemClock().now(),
            run_id=decision.run_id,
            point=str(decision.point),
            chosen=decision.chosen,
            call=call,
            expected=expected,
            note=note,
        )
        self._add(mark)
        if old is not None:
            self._remove(old)

        def undo() -> None:
            self._remove(mark)
            if old is not None:
                self._add(old)

        return mark, undo

    def remove(self, mark: Mark) -> Callable[[], None]:
        """Remove a mark."""
        self._remove(mark)
        return lambda: self._add(mark)

    def _add(self, mark: Mark) -> None:
        before = self.all()
        self._store.add(mark)
        self._known = tuple(sorted((*before, mark), key=lambda each: each.at))

    def _remove(self, mark: Mark) -> None:
        before = self.all()
        self._store.remove(mark.mark_id)
        self._known = tuple(each for each in before if each.mark_id != mark.mark_id)
