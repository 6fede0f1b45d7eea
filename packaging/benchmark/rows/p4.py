"""P4: whether the window stays smooth while streams reach it."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, Report, samples
from benchmark.figure import Goal, Line, judged

TITLE = "the window's tick of 16 ms while streams reach the chat, their start included"
LEAVES_OUT = "The first message of a window, which loads the SDK; painting on a display, since all is drawn offscreen."
_STREAMS = 32
_CHUNKS = 20_000
_PACED_CHUNKS = 1_700
"""A hundred a second: 17 seconds, which are a thousand ticks."""
_FRAMES = 1_000
_IDLE_S = 4.0


def measure(bench: Bench) -> Iterator[Line]:
    """Against the same run's idle tick. Unpaced answers follow each other until there were a thousand ticks.

    Gaps are wall time and tell of the machine's other users as well; the work between two ticks tells of the window.
    """
    chunks, paced, frames = map(bench.scaled, (_CHUNKS, _PACED_CHUNKS, _FRAMES))
    streams, idle_s = max(2, bench.scaled(_STREAMS)), _IDLE_S * bench.share
    cases = (
        (f"unpaced streams of {chunks:,} chunks of prose, one after the other", f"words-{chunks}", 1),
        (f"unpaced streams of {chunks:,} chunks of Markdown, one after the other", f"markdown-{chunks}", 1),
        (f"{streams} streams in {streams} tabs, 100 chunks a second each", f"paced-{paced}", streams),
    )
    for what, answer, count in cases:
        order = {"url": bench.url(answer), "conversations": count, "warm_up": 1, "frames": frames, "idle_s": idle_s}
        yield from smoothness("P4", what, bench.alternating({"ours": Contender("window_frames", order)})["ours"])


def smoothness(row: str, what: str, reports: list[Report]) -> Iterator[Line]:
    """How regularly the window's thread ticked, and what it worked."""
    idle = samples(reports, "idle_p99", "ms")
    gap, worst = samples(reports, "p99", "ms"), samples(reports, "worst", "ms")
    yield judged(row, f"{what}: p99 gap", gap.over(idle), Goal("≤", 1.25, "×"), ours=gap, other=f"idle tick p99 {idle}")
    yield judged(row, f"{what}: longest gap", worst, Goal("≤", 33, "ms"), ours=worst)
    busiest = samples(reports, "work_worst", "ms")
    counted = samples(reports, "frames", "ticks")
    total = samples(reports, "work_ms", "ms")
    yield Line(row, f"{what}: work of the window's thread, in all", str(total), figure=str(counted))
    what = f"{what}: work of the window's thread between two ticks"
    yield Line(row, f"{what}, p99", str(samples(reports, "work_p99", "ms")))
    yield judged(row, f"{what}, at most", busiest, Goal("≤", 33, "ms"), ours=busiest)
