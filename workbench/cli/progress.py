"""The progress of a long command, on standard error."""

import time
from collections.abc import Callable
from types import TracebackType

from workbench.cli.terminal import Terminal

LINES = 10
"""The most lines when standard error is a file, where no line can be overwritten."""


class TerminalProgress:
    """Counts samples. The time left is estimated from finished ones. Ends with the `with` block."""

    def __init__(self, terminal: Terminal, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.done = 0
        self._terminal = terminal
        self._total = total
        self._clock = clock
        self._begun = clock()

    def __enter__(self) -> "TerminalProgress":
        self._terminal.progress(self.words)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._terminal.progress("")

    @property
    def words(self) -> str:
        """`12 of 40 samples`."""
        return f"{self.done} of {self._total} samples"

    @property
    def _words_and_time(self) -> str:
        left = self._total - self.done
        if not self.done or not left:
            return self.words
        seconds = (self._clock() - self._begun) / self.done * left
        rest = f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
        return f"{self.words}, about {rest} left"

    def step(self) -> None:
        """Count one more."""
        self.done += 1
        if self._terminal.shows_progress:
            self._terminal.progress(self._words_and_time)
        elif self.done * LINES // self._total > (self.done - 1) * LINES // self._total and self.done < self._total:
            self._terminal.complain(self._words_and_time, "dim")
