"""P16: what sending telemetry adds to a run."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, Samples, judged

TITLE = "processor time of the run of P1 with its telemetry written to a file"
LEAVES_OUT = "As P1; sending to a collector, which costs one request for each 64 runs; the first runs."
_RUNS = 120
_WITH = {"": {}, ", with content": {"content": True}}


def measure(bench: Bench) -> Iterator[Line]:
    """Against the rest of the same process: what telemetry's thread uses is less than two starts differ by. Also
    against the same runs without telemetry."""
    runs = bench.scaled(_RUNS)
    order = {"url": bench.url("tools"), "runs": runs, "concurrency": 1}
    contenders = {"off": Contender("workbench_runs", order)}
    for words, more in _WITH.items():
        contenders[words] = Contender("workbench_runs", {**order, "telemetry": True, **more})
    reports = bench.alternating(contenders)
    figures = {name: samples(reports[name], "cpu_s", "ms", scale=1000 / runs) for name in contenders}
    without = figures.pop("off")
    for words, ours in figures.items():
        own = samples(reports[words], "part_s", "ms", scale=1000 / runs)
        rest = Samples(tuple(whole - part for whole, part in zip(ours.values, own.values, strict=True)), "ms")
        what = f"{TITLE}{words}: its thread and the rest"
        if words:
            yield Line("P16", what, str(ours), f"the rest {rest}", str(ours.over(rest)))
        else:
            yield judged("P16", what, ours.over(rest), Goal("≤", 1.03, "×"), ours=ours, other=f"the rest {rest}")
        what = f"{TITLE}{words}: as a process, against one without"
        yield Line("P16", what, str(ours), f"without {without}", str(ours.over(without)))
