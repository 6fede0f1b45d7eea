"""Growth of the history: the window's refresh, a message that follows up, a search, disk."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "a history that grows ten times as long"
LEAVES_OUT = "The first reading of the whole list and the first index, which another thread does."
_RUNS = 50_000


def measure(bench: Bench) -> Iterator[Line]:
    """The longer one against the shorter one."""
    runs = max(20, bench.scaled(_RUNS))
    sizes = {"small": runs // 10, "large": runs}
    reports = bench.alternating({name: Contender("grown_history", {"size": size}) for name, size in sizes.items()})
    for key, what, goal, scale in (
        ("refresh_s", "the window's thread at a refresh after one more run", Goal("≤", 10, "ms"), 1000.0),
        ("follow_s", "finding what a message follows up", Goal("≤", 2, "ms"), 1000.0),
        ("search_s", "a search, one more run taken in first", Goal("≤", 40, "ms"), 1000.0),
        ("disk_a_run", "disk a run", Goal("≤", 25, "kB"), 0.001),
    ):
        small, large = (samples(reports[name], key, goal.unit, scale=scale) for name in sizes)
        other = f"{sizes['small']:,} runs {small}"
        yield judged("GROWTH-HISTORY", f"{runs:,} runs: {what}", large, goal, ours=large, other=other)
