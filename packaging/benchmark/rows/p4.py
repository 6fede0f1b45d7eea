"""P4: whether the window stays smooth while streams reach it."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.canned import LONG_CHUNKS
from benchmark.figure import Goal, Line, judged

TITLE = "the window's tick of 16 ms while streams reach the chat"
_STREAMS = 32


def measure(bench: Bench) -> Iterator[Line]:
    """Against the same run's idle tick. The start of many runs is a click each, so it is left out of the paced case.

    Gaps are wall time and tell of the machine's other users as well; the work between two ticks tells of the window.
    """
    cases = (
        (f"one unpaced stream of {LONG_CHUNKS:,} chunks of prose", "long", 1, False),
        (f"one unpaced stream of {LONG_CHUNKS:,} chunks of Markdown", "markdown", 1, False),
        (f"{_STREAMS} streams in {_STREAMS} tabs, 100 chunks a second each", "paced", _STREAMS, True),
    )
    for what, answer, count, skip_start in cases:
        order = {"url": bench.url(answer), "conversations": count, "warm_up": 1, "skip_start": skip_start}
        reports = bench.alternating({"ours": Contender("window_frames", order)})["ours"]
        idle = samples(reports, "idle_p99", "ms")
        gap, worst = samples(reports, "p99", "ms"), samples(reports, "worst", "ms")
        yield judged(
            "P4", f"{what}: p99 gap", gap.over(idle), Goal("≤", 1.25, "×"), ours=gap, other=f"idle tick p99 {idle}"
        )
        yield judged("P4", f"{what}: longest gap", worst, Goal("≤", 33, "ms"), ours=worst)
        busiest = samples(reports, "work_worst", "ms")
        yield Line("P4", f"{what}: work of the window's thread, in all", str(samples(reports, "work_ms", "ms")))
        what = f"{what}: work of the window's thread between two ticks"
        yield Line("P4", f"{what}, p99", str(samples(reports, "work_p99", "ms")))
        yield judged("P4", f"{what}, at most", busiest, Goal("≤", 33, "ms"), ours=busiest)
