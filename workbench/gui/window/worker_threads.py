"""Threads for work that the window waits for."""

from asyncio import AbstractEventLoop
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, ParamSpec, TypeVar

_MOST = 10

P = ParamSpec("P")
R = TypeVar("R")


class WorkerThreads(ThreadPoolExecutor):
    """Objects held by the work are released on the loop's thread.

    A thread that finishes its work may hold the last reference to it, and through it to a widget whose tab was closed
    meanwhile. Qt crashes when a widget is deleted on a thread other than its own.
    """

    def __init__(self, loop: AbstractEventLoop) -> None:
        super().__init__(_MOST, thread_name_prefix="window")
        self._loop = loop
        self._held: dict[int, list[Any]] = {}

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Run this on one of the threads."""
        work: list[Callable[[], R]] = [partial(fn, *args, **kwargs)]
        self._held[id(work)] = work
        future = super().submit(_do, work)
        future.add_done_callback(lambda _: self._release_soon(work))
        return future

    def _release_soon(self, work: list[Any]) -> None:
        with suppress(RuntimeError):  # the loop has ended, and the work ends with these threads
            self._loop.call_soon_threadsafe(self._release, work)

    def _release(self, work: list[Any]) -> None:
        del self._held[id(work)]
        work.clear()


def _do(work: list[Callable[[], R]]) -> R:
    return work[0]()
