"""Earlier samplings of one decision: a list with times and counts, deleted with undo."""

import asyncio
from collections.abc import Callable, Iterable

from workbench.app.microscope.sampling_store import KeptSampling, SamplingStore
from workbench.core.ids import RunId
from workbench.core.signal import Signal
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import model_words, one_line

COLUMNS = ("When", "Condition", "Model", "Samples", "Most frequent")


class KeptSamplings:
    """`changed` is emitted when they were read or one was deleted or restored, not when one is added."""

    def __init__(self, store: SamplingStore, run_id: RunId, point: str) -> None:
        self.samplings: tuple[KeptSampling, ...] = ()
        """The samplings, newest first."""
        self.changed: Signal[[]] = Signal()
        self._store = store
        self._run_id = run_id
        self._point = point

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """One row each, by `COLUMNS`."""
        return tuple(map(_row, self.samplings))

    @property
    def unreadable_words(self) -> str:
        """A sentence about unreadable ones, or nothing."""
        number = self._store.unreadable
        return f"{figures.count(number, 'kept result')} cannot be read and were skipped." if number else ""

    async def load(self) -> None:
        """Read them, off this thread. One that is already known stays the same object."""
        before = {one.sampling_id for one in self.samplings}
        found = await asyncio.to_thread(self._store.of, self._run_id, self._point)
        known = {one.sampling_id: one for one in self.samplings}
        came_meanwhile = {name: one for name, one in known.items() if name not in before}
        self._show(({one.sampling_id: known.get(one.sampling_id, one) for one in found} | came_meanwhile).values())

    def take(self, kept: KeptSampling) -> None:
        """Add one that was just saved."""
        self.samplings = (kept, *self.samplings)

    def delete(self, place: int) -> Callable[[], None]:
        """Delete one; the returned function restores it. Raises `StoreError`."""
        gone = self.samplings[place]
        undo = self._store.delete(gone.sampling_id)
        self._show(one for one in self.samplings if one is not gone)

        def undone() -> None:
            undo()
            self._show((*self.samplings, gone))

        return undone

    def _show(self, found: Iterable[KeptSampling]) -> None:
        self.samplings = tuple(sorted(found, key=lambda one: -one.at))
        self.changed.emit()


def _row(kept: KeptSampling) -> tuple[str, ...]:
    found = kept.sampling.distribution
    failed = f", {found.failures} failed" if found.failures else ""
    stopped = ", stopped" if kept.was_stopped else ""
    leader = "–"
    if found.stacks:
        leader = f"{found.stacks[0].count} × {one_line(str(found.stacks[0].choice), 120)}"
    return (
        figures.clock_time(kept.at),
        one_line(kept.arm.name or "as it was", 64),
        one_line(model_words(kept.arm.model or kept.model), 48),
        f"{found.trials} of {kept.sampling.wanted}{failed}{stopped}",
        leader,
    )
