"""What the set-up says while it works: one line a step, and nothing when there is nothing to do."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class SetupProblem(Exception):
    """Something that the person has to fix. The text says what happened and how to fix it."""


def say(text: str) -> None:
    print(text, flush=True)


class Step:
    """One line of the set-up: a name at first, a running note on a terminal, the time it took at the end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._is_terminal = sys.stdout.isatty()

    def note(self, text: str) -> None:
        """Show what is being done right now; only on a terminal, where the next note overwrites it."""
        if self._is_terminal:
            print(f"\r\x1b[K  … {self.name}: {text[:60]}", end="", flush=True)

    def end(self, mark: str, text: str) -> None:
        start = "\r\x1b[K" if self._is_terminal else ""
        say(f"{start}  {mark} {self.name}{text}")


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Show `name` as a step that is under way, then as done with its seconds, or as failed."""
    begun = time.monotonic()
    current = Step(name)
    current.note("")
    try:
        yield current
    except BaseException:
        current.end("✗", "")
        raise
    current.end("✓", f" ({time.monotonic() - begun:.1f} s)")
