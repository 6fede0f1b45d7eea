"""LOOK: another appearance or zoom."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "the whole window in another appearance or zoom: work of its thread until nothing is left to do"
LEAVES_OUT = "The first change to an appearance, which draws its icons; painting on a display: all is drawn offscreen."
_TIMES = 5
_WHERE = {"a conversation and a tool": False, "every page in its tab": True}


def measure(bench: Bench) -> Iterator[Line]:
    """Against a bound."""
    for where, has_every_page in _WHERE.items():
        order = {"url": bench.url("tools"), "times": bench.scaled(_TIMES), "has_every_page": has_every_page}
        reports = bench.alternating({"": Contender("window_look", order)})[""]
        about = f"{samples(reports, 'tabs')} tabs, {samples(reports, 'widgets')} widgets"
        for what in ("appearance", "zoom"):
            ours = samples(reports, f"{what}_s", "ms", scale=1000)
            yield judged("LOOK", f"{where}: another {what}", ours, Goal("≤", 100, "ms"), ours=ours, other=about)
        ours = samples(reports, "tool_s", "ms", scale=1000)
        yield Line("LOOK", f"{where}: the tool is shown afterwards", str(ours), about, str(ours))
