"""Keeping the search index up to date: off the window's thread, with progress and Stop."""

import asyncio
import threading

from workbench.app.search.search import RunSearch
from workbench.core.errors import StoreError
from workbench.gui.frame.status_line import StatusLine
from workbench.gui.kit.tasks import Tasks
from workbench.viewmodels.shared.progress import Progress

TASK = "search index"


class Indexing:
    """Brings the index up to date when somebody is about to search."""

    def __init__(self, search: RunSearch, tasks: Tasks, line: StatusLine) -> None:
        self.progress: Progress | None = None
        """What is going on, None when nothing is."""
        self.is_stopped = False
        """Whether a person stopped it; then a search does not start it again by itself."""
        self._search = search
        self._tasks = tasks
        self._line = line
        self._stop = threading.Event()

    def begin(self) -> None:
        """Take in what was recorded since last time, if that is not going on already."""
        if self._tasks.is_running(TASK):
            return
        self._stop = stop = threading.Event()
        self.is_stopped = False
        self.progress = progress = Progress("Preparing the search", "event", stop=self.stop)
        self._line.work.begin(progress)
        self._tasks.start(TASK, self._work(stop, progress))

    def stop(self) -> None:
        """End it; what was taken in is kept."""
        self.is_stopped = True
        self._stop.set()

    async def close(self) -> None:
        """End it and wait until nothing touches the runs anymore."""
        self._stop.set()
        await self._tasks.finish(TASK)

    async def _work(self, stop: threading.Event, progress: Progress) -> None:
        def on_progress(done: int, total: int) -> None:  # on the other thread: plain numbers, nobody listens
            progress.done, progress.total = done, total

        try:
            await asyncio.to_thread(self._search.prepare, on_progress, stop.is_set)
        except StoreError:
            pass  # the search itself says what is wrong, where one looks
        except asyncio.CancelledError:
            stop.set()
            raise
        finally:
            progress.finish()
            self.progress = None
