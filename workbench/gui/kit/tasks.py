"""Named tasks of the window: kept, refused twice, reported when they fail, cancelled at the end."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from workbench.core.signal import Signal

_log = logging.getLogger(__name__)


class Tasks:
    """Owns every task the window starts. One name, one task at a time; one that has ended makes room at once, before
    the loop tells of it."""

    def __init__(self) -> None:
        self.failed: Signal[[str, BaseException]] = Signal()
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._is_closed = False

    def start(self, name: str, work: Coroutine[Any, Any, Any], on_done: Callable[[], object] | None = None) -> bool:
        """Start `work`; False, and `work` is dropped, while a task of that name is still going on, and once all are
        closed or the loop has ended: what a timer of the window begins then is too late."""
        if self._is_closed or self.is_running(name):
            work.close()
            return False
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            work.close()
            return False
        task = loop.create_task(work, name=name)
        self._tasks[name] = task
        task.add_done_callback(lambda done: self._finish(name, done, on_done))
        return True

    def is_running(self, name: str) -> bool:
        """Whether the task of that name is going on."""
        return name in self._tasks and not self._tasks[name].done()

    def cancel(self, name: str) -> None:
        """Cancel it if it is there."""
        if name in self._tasks:
            self._tasks[name].cancel()

    async def finish(self, name: str) -> None:
        """Wait until the task of that name is over; at once when there is none."""
        if name in self._tasks:
            await asyncio.wait([self._tasks[name]])

    async def end_all(self, beginning: str = "", *, but: str = "") -> None:
        """Cancel every task whose name begins so, save the one called `but`, and wait for them."""
        for name in [name for name in self._tasks if name.startswith(beginning) and name != but]:
            self.cancel(name)
            await self.finish(name)

    async def close(self) -> None:
        """Cancel what is left, except the caller's own task, and wait for it. Nothing can be started anymore."""
        self._is_closed = True
        current = asyncio.current_task()
        left = [task for task in self._tasks.values() if task is not current]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _finish(self, name: str, task: "asyncio.Task[Any]", on_done: Callable[[], object] | None) -> None:
        if self._tasks.get(name) is task:
            del self._tasks[name]
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            _log.error("Task %s failed: %s", name, type(error).__name__)
            self.failed.emit(name, error)
        elif on_done is not None:
            on_done()
