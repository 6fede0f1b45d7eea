"""P8: how long until there is a window."""

import time
from collections.abc import Iterator
from pathlib import Path

from benchmark.bench import Bench, Contender, Report, samples
from benchmark.figure import Goal, Line, Samples, judged
from benchmark.programs.bench_project import write_project

TITLE = "from the start of the process to the first painted window"
LEAVES_OUT = "The first start of each, which compiles byte code; real displays: everything is drawn offscreen."
_USABLE = "from the start of the process until the message takes a letter: the whole window is there"


def measure(bench: Bench) -> Iterator[Line]:
    """Against an empty window. The first start of each compiles Python's byte code, so it does not count."""
    project = str(write_project(Path(bench.folder()), "http://127.0.0.1:9/v1"))
    reports: dict[bool, list[Report]] = {False: [], True: []}
    for number in range(bench.rounds + 1):
        for is_bare, found in reports.items():
            order = {"bare": is_bare, "project": project, "begun": time.monotonic()}
            report = bench.run(Contender("first_paint", order))
            if number:
                found.append(report)
    for what, key in (("processor time", "cpu_s"), ("wall time", "wall_s")):
        ours, bare = (samples(reports[is_bare], key, "ms", scale=1000) for is_bare in (False, True))
        yield judged(
            "P8", f"{TITLE}: {what}", ours.over(bare), Goal("≤", 2, "×"), ours=ours, other=f"bare window {bare}"
        )
        usable = samples(reports[False], f"usable_{key}", "ms", scale=1000)
        yield Line("P8", f"{_USABLE}: {what}", str(usable), f"bare window {bare}", str(usable.over(bare)))
    loaded = sorted({name for report in reports[False] for name in report["loaded"]})
    count = Samples((len(loaded),))
    yield judged("P8", "SDKs loaded by then", count, Goal("≤", 0), ours=", ".join(loaded) or "none")
