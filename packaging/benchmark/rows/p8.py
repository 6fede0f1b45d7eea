"""P8: how long until there is a window."""

import time
from collections.abc import Iterator

from benchmark.bench import Bench, Contender, Report, samples
from benchmark.figure import Goal, Line, Samples, judged

TITLE = "from the start of the process to the first painted window"


def measure(bench: Bench) -> Iterator[Line]:
    """Against an empty window. The first start of each compiles Python's byte code, so it does not count."""
    reports: dict[bool, list[Report]] = {False: [], True: []}
    for number in range(bench.rounds + 1):
        for is_bare, found in reports.items():
            report = bench.run(Contender("first_paint", {"bare": is_bare, "begun": time.monotonic()}))
            if number:
                found.append(report)
    for what, key in ((f"{TITLE}: processor time", "cpu_s"), (f"{TITLE}: wall time", "wall_s")):
        ours, bare = (samples(reports[is_bare], key, "ms", scale=1000) for is_bare in (False, True))
        yield judged("P8", what, ours.over(bare), Goal("≤", 2, "×"), ours=ours, other=f"bare window {bare}")
    loaded = sorted({name for report in reports[False] for name in report["loaded"]})
    count = Samples((len(loaded),))
    yield judged("P8", "SDKs loaded by then", count, Goal("≤", 0), ours=", ".join(loaded) or "none")
