"""The marks of a project as the window shows them: on call cards, in a list, and in the head of the microscope."""

import asyncio
import time
from collections.abc import Callable

from workbench.app.microscope.decision import decision_span
from workbench.app.microscope.marks import Marks
from workbench.app.parts import HasHistory
from workbench.core.errors import StoreError
from workbench.core.ids import RunId
from workbench.core.mark import Mark, expected_words
from workbench.core.signal import Signal
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import one_line

COLUMNS = ("When", "Run", "Place", "Mark", "Note")


class MarkList:
    """One for each window, empty until `load`. `changed` is emitted when a mark was made or taken away."""

    def __init__(self, parts: HasHistory, now: Callable[[], float] = time.time) -> None:
        self.store = Marks(parts.store.folder, parts.redactor)
        self.changed: Signal[[]] = Signal()
        self.problem = ""
        self._now = now
        self._marks: tuple[Mark, ...] = ()
        self._by_decision: dict[tuple[RunId, str], Mark] = {}

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The newest first."""
        return self._marks

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """A line for each of `marks`, by `COLUMNS`."""
        return tuple(
            (
                figures.clock_time(mark.at, self._now()),
                one_line(mark.run_id, 40),
                one_line(mark.span, 60),
                f"✗ {one_line(mark.words, 160)}",
                one_line(mark.note, 160),
            )
            for mark in self._marks
        )

    def at(self, run_id: RunId, span: str) -> Mark | None:
        """The mark that is shown at the path of a call or a round: its own, or its decision's."""
        mark = self.of_decision(run_id, decision_span(span))
        return mark if mark is not None and (mark.span == span or not mark.call) else None

    def words(self, run_id: RunId, span: str) -> str:
        """What a card at that path says about its mark; empty when it has none."""
        mark = self.at(run_id, span) if self._marks else None
        return f"✗ marked wrong, {one_line(expected_words(mark.expected), 60)} was expected" if mark is not None else ""

    def of_decision(self, run_id: RunId, point: str) -> Mark | None:
        """The mark of a decision, whichever of its calls it is about."""
        return self._by_decision.get((run_id, point))

    def remove(self, mark: Mark) -> Callable[[], None]:
        """Take it away; the returned function brings it back. Raises `StoreError`."""
        return self.undoable(self.store.remove(mark))

    def undoable(self, undo: Callable[[], None]) -> Callable[[], None]:
        """After a change: show it, and once more when it is undone."""

        def undone() -> None:
            undo()
            self._show()

        self._show()
        return undone

    async def load(self) -> None:
        """Read them, off this thread."""
        try:
            await asyncio.to_thread(self.store.read)
            unreadable = self.store.unreadable
            self.problem = f"{figures.count(unreadable, 'line')} of the marks file cannot be read" if unreadable else ""
        except StoreError as error:
            self.problem = str(error)
        else:
            self._show()
            return
        self.changed.emit()

    def _show(self) -> None:
        self._marks = tuple(reversed(self.store.all()))
        self._by_decision = {(mark.run_id, mark.point): mark for mark in reversed(self._marks)}
        self.changed.emit()
