"""Which pass of the event loop something happens in."""

import asyncio
from collections import Counter
from types import TracebackType


class Passes:
    """Counts the passes of the running loop inside `with`; `by_pass` says how many marks each pass got."""

    def __init__(self) -> None:
        self._number = 0
        self._handle: asyncio.Handle | None = None
        self.by_pass: Counter[int] = Counter()

    def __enter__(self) -> "Passes":
        self._next()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._handle is not None
        self._handle.cancel()

    def mark(self) -> None:
        """Something happens in this pass."""
        self.by_pass[self._number] += 1

    def _next(self) -> None:
        self._number += 1
        self._handle = asyncio.get_running_loop().call_soon(self._next)
