"""How a program of the benchmark is told what to do, takes its own cost, and reports. Standard library only."""

import json
import os
import resource
import sys
import threading
import time
from pathlib import Path
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


def thread_cpu_s(name: str) -> float:
    """The processor time that the threads of this name have used so far; 0 where the system does not tell."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return 0.0
    found = [thread.ident for thread in threading.enumerate() if thread.name == name and thread.ident is not None]
    return sum(time.clock_gettime(time.pthread_getcpuclockid(ident)) for ident in found)


def family_cpu_s() -> float:
    """The same of this process and its children, also of those that still live where the system tells."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = sum(map(_ticks_of, _descendants(os.getpid())))
    return cpu_s() + ended.ru_utime + ended.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _descendants(process: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text("ascii").split()):
            found += (child, *_descendants(child))
    return found


def _ticks_of(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))


class Cost:
    """Processor time and wall time from the start of a `with` block to its end, if `is_family` with its children."""

    def __init__(self, *, is_family: bool = False) -> None:
        self._cpu_s = family_cpu_s if is_family else cpu_s

    def __enter__(self) -> "Cost":
        self.cpu_s = -self._cpu_s()
        self.wall_s = -time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall_s += time.perf_counter()
        self.cpu_s += self._cpu_s()
