"""How a program of the benchmark is told what to do, takes its own cost, and reports. Standard library only."""

import json
import resource
import sys
import time
from typing import Any


def order() -> Any:
    """What the program was told."""
    return json.loads(sys.argv[1])


def report(**figures: object) -> None:
    """Say the figures; the last thing a program does."""
    print(json.dumps(figures), flush=True)


def cpu_s() -> float:
    """User and system time of this process so far, all threads together."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class Cost:
    """Processor time and wall time from the start of a `with` block to its end."""

    def __enter__(self) -> "Cost":
        self.cpu_s = -cpu_s()
        self.wall_s = -time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall_s += time.perf_counter()
        self.cpu_s += cpu_s()
