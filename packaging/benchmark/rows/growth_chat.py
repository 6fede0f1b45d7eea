"""Growth of one conversation: the window's refresh, opening it, memory and disk."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "one conversation that grows ten times as long"
LEAVES_OUT = "Reading its earlier messages, which are read when somebody goes there; answers have 350 bytes."
_TURNS = 1_000


def measure(bench: Bench) -> Iterator[Line]:
    """The longer one against the shorter one."""
    turns = max(10, bench.scaled(_TURNS))
    sizes = {"small": turns // 10, "large": turns}
    reports = bench.alternating({name: Contender("grown_chat", {"size": size}) for name, size in sizes.items()})
    for key, what, goal, scale in (
        ("refresh_s", "the window's thread at a refresh of the history", Goal("≤", 10, "ms"), 1000.0),
        ("cpu_s", "the window's thread while it is opened", Goal("≤", 500, "ms"), 1000.0),
        ("wall_s", "until it is shown", Goal("≤", 500, "ms"), 1000.0),
        ("memory_mb", "memory that it takes in the window", Goal("≤", 60, "MB"), 1.0),
        ("disk_mb", "disk", Goal("≤", 15, "MB"), 1.0),
    ):
        small, large = (samples(reports[name], key, goal.unit, scale=scale) for name in sizes)
        other = f"{sizes['small']:,} turns {small}"
        yield judged("GROWTH-CHAT", f"{turns:,} turns: {what}", large, goal, ours=large, other=other)
