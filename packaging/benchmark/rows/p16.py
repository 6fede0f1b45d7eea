"""P16: what sending telemetry adds to a run."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "processor time of the run of P1 with its telemetry written to a file"
LEAVES_OUT = "As P1; sending to a collector, which costs one request for each 64 runs; the first runs."
_RUNS = 120
_WITH = {"": {}, ", with content": {"content": True}}


def measure(bench: Bench) -> Iterator[Line]:
    """Against the same runs without telemetry."""
    runs = bench.scaled(_RUNS)
    order = {"url": bench.url("tools"), "runs": runs, "concurrency": 1}
    contenders = {"off": Contender("workbench_runs", order)}
    for words, more in _WITH.items():
        contenders[words] = Contender("workbench_runs", {**order, "telemetry": True, **more})
    reports = bench.alternating(contenders)
    figures = {name: samples(reports[name], "cpu_s", "ms", scale=1000 / runs) for name in contenders}
    without = figures.pop("off")
    for words, ours in figures.items():
        added = ours.over(without)
        goal = Goal("≤", 1.03, "×")
        if words:
            yield Line("P16", f"{TITLE}{words}", str(ours), f"without {without}", str(added))
        else:
            yield judged("P16", TITLE, added, goal, ours=ours, other=f"without {without}")
