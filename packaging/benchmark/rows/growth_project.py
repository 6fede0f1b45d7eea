"""Growth of a project: saving one of many tools, a call beside much code."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "a project of many tools and much code"
LEAVES_OUT = "What other threads do meanwhile; what the window then shows."
_TOOLS, _FILES = 2_000, 1_500


def measure(bench: Bench) -> Iterator[Line]:
    """The larger one against one of a tenth."""
    tools, files = max(20, bench.scaled(_TOOLS)), max(20, bench.scaled(_FILES))
    sizes = {"small": (tools // 10, files // 10), "large": (tools, files)}
    reports = bench.alternating(
        {name: Contender("grown_project", {"tools": size[0], "files": size[1]}) for name, size in sizes.items()}
    )
    for key, what, unit, goal in (
        ("save_s", f"{tools:,} tools: the loop's thread while one is saved and read", "tools", Goal("≤", 33, "ms")),
        ("fingerprint_s", f"{files:,} files of code: the loop's thread at each look", "files", Goal("≤", 1, "ms")),
    ):
        small, large = (samples(reports[name], key, "ms", scale=1000) for name in sizes)
        other = f"{sizes['small'][unit == 'files']:,} {unit} {small}"
        yield judged("GROWTH-PROJECT", what, large, goal, ours=large, other=other)
