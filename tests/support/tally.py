"""Counts of what was tried and what survived, for the table that `make reliability` prints."""

import json
import os
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TALLY_FILE = "WORKBENCH_TALLY"
SCALE = "WORKBENCH_SCALE"
"""`small` is what `make test` runs; `quick` and `full` are what `make reliability` runs."""
MEMORY_DISK = Path("/dev/shm")
SHOWN_FAILURES = 5


def size(small: int, quick: int, full: int) -> int:
    """How many cases this run is to try."""
    return {"small": small, "quick": quick, "full": full}[os.environ.get(SCALE, "small")]


class Tally:
    """The count for one goal. A test that took one reports it at its end, and fails when anything did not survive."""

    def __init__(self, goal: str, what: str) -> None:
        self.goal = goal
        self.what = what
        self.tried = 0
        self.survived = 0
        self.failures: list[str] = []
        self.notes: list[str] = []
        self._begun = time.perf_counter()

    @contextmanager
    def case(self, name: object) -> Iterator[None]:
        """One thing that is tried; it has survived when nothing is raised. The others are tried all the same."""
        self.tried += 1
        try:
            yield
        except Exception as error:  # noqa: BLE001 — door: whatever it was, it is counted and told
            place = traceback.extract_tb(error.__traceback__)[-1]
            text = " ".join(str(error).split())[:300]
            self.failures.append(f"{name}: {type(error).__name__}: {text} ({Path(place.filename).name}:{place.lineno})")
        else:
            self.survived += 1

    def close(self) -> None:
        """Report, and fail when not all survived."""
        if file := os.environ.get(TALLY_FILE):
            line = {
                "goal": self.goal,
                "what": self.what,
                "tried": self.tried,
                "survived": self.survived,
                "seconds": round(time.perf_counter() - self._begun, 1),
                "failures": self.failures[:SHOWN_FAILURES],
                "notes": self.notes,
            }
            with Path(file).open("a", encoding="utf-8") as tallies:
                tallies.write(json.dumps(line, ensure_ascii=False) + "\n")
        assert self.tried, f"{self.goal}: nothing was tried"
        assert self.survived == self.tried, f"{self.survived} of {self.tried} survived:\n" + "\n".join(
            self.failures[:SHOWN_FAILURES]
        )


@contextmanager
def counted(goal: str, what: str) -> Iterator[Tally]:
    """A tally that closes with its block. An exception in the block is one more failure."""
    tally = Tally(goal, what)
    try:
        yield tally
    except BaseException as error:
        tally.tried += 1
        tally.failures.append(f"{type(error).__name__}: {str(error)[:300]}")
        try:
            tally.close()
        except AssertionError as failed:
            raise failed from error
        raise
    tally.close()


@contextmanager
def fast_folder() -> Iterator[Path]:
    """A folder in memory where there is one: thousands of small databases would wear out a disk."""
    where = MEMORY_DISK if os.access(MEMORY_DISK, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="workbench-", dir=where, ignore_cleanup_errors=True) as name:
        yield Path(name)
