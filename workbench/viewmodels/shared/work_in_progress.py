"""Everything long that is going on in a window: what there is, and when something ends."""

from collections.abc import Awaitable, Callable

from workbench.core.signal import Signal
from workbench.viewmodels.shared.progress import Progress


class WorkInProgress:
    """Features report their work here; the status bar shows it, and the desktop is told when it ends."""

    def __init__(self) -> None:
        self.ended: Signal[[Progress]] = Signal()
        """A piece of work is over, one way or another."""
        self.changed: Signal[[]] = Signal()
        """There is more of it, or less."""
        self._going: list[Progress] = []

    @property
    def shown(self) -> tuple[Progress, ...]:
        """What takes long enough to be talked about, newest first."""
        return tuple(progress for progress in reversed(self._going) if progress.is_worth_showing)

    @property
    def is_any(self) -> bool:
        """Whether anything is going on, shown or not."""
        return bool(self._going)

    def begin(self, progress: Progress) -> None:
        """Show this piece of work, once it turns out to be long, until it is over."""
        if progress in self._going or progress.is_over:
            return
        self._going.append(progress)
        progress.changed.connect(lambda: self._look_at(progress))
        self.changed.emit()

    async def run(self, progress: Progress, work: Callable[[], Awaitable[None]]) -> None:
        """Show this work until it is over, however it ends."""
        self.begin(progress)
        try:
            await work()
        finally:
            progress.finish()

    def _look_at(self, progress: Progress) -> None:
        if progress.is_over and progress in self._going:
            self._going.remove(progress)
            self.changed.emit()
            self.ended.emit(progress)
