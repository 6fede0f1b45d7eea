"""A time limit that does not run while a person is asked."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class WorkingTime:
    """`timeout` is one that has been entered. Several may wait at once; the limit runs on when none does."""

    def __init__(self, timeout: asyncio.Timeout) -> None:
        self._timeout = timeout
        self._waiting = 0
        self._left: float | None = None

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """While inside, no time passes."""
        now = asyncio.get_running_loop().time
        if not self._waiting and (end := self._timeout.when()) is not None:
            self._left = end - now()
            self._timeout.reschedule(None)
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting and self._left is not None:
                with suppress(RuntimeError):  # the work has ended meanwhile
                    self._timeout.reschedule(now() + self._left)
                self._left = None
