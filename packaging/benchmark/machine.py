"""What the figures were measured on, and what else the machine did meanwhile."""

import os
import platform
import time
from pathlib import Path

HIGHEST_LOAD = 1.0
"""No table is written where more was going on before the measuring began."""
_LOOK_EVERY_S = 5.0


def description() -> str:
    """Processor, cores, memory, system and Python in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = os.cpu_count() or 1
    return (
        f"{_processor()}, {cores} core{'s' if cores != 1 else ''}, {memory:.0f} GiB, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def load() -> float:
    """How many processes wanted to run during the last minute."""
    return os.getloadavg()[0]


def is_quiet(patience_s: float) -> bool:
    """Wait until the load is low enough for figures that can be quoted; False when it stays too high."""
    end = time.monotonic() + patience_s
    while load() > HIGHEST_LOAD:
        if time.monotonic() > end:
            return False
        time.sleep(_LOOK_EVERY_S)
    return True


class Others:
    """How many processors other programs kept busy since it was made. `ours`: the ids of our processes that go on."""

    def __init__(self, *ours: int) -> None:
        self._ours = ours
        self._begun = time.monotonic()
        self._busy = self._by_others()

    def __str__(self) -> str:
        if self._busy is None:
            return f"load {load():.1f}"
        now = self._by_others()
        assert now is not None
        return f"{max(0.0, now - self._busy) / (time.monotonic() - self._begun):.2f}"

    def _by_others(self) -> float | None:
        """Seconds of processor time of the whole machine so far, without ours; None where the system does not say."""
        try:
            fields = Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]
            user, nice, system, _idle, _waiting, interrupts, soft, stolen = map(int, fields)
            tick = os.sysconf("SC_CLK_TCK")
            ticks = user + nice + system + interrupts + soft + stolen - sum(map(_ticks_of, self._ours))
        except (OSError, ValueError):
            return None
        own = os.times()
        return ticks / tick - own.user - own.system - own.children_user - own.children_system


def _ticks_of(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
