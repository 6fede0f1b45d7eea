"""P12: what a run with Python tools costs, child processes included."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "processor time of the run of P1 with its tool as a Python function, child processes included"
LEAVES_OUT = "Starting the child processes, which both keep; on systems other than Linux, children that still live."
_RUNS = 40


def measure(bench: Bench) -> Iterator[Line]:
    """Against the bare loop that calls the same function in a pool of child processes."""
    runs = bench.scaled(_RUNS)
    order = {"url": bench.url("tools"), "runs": runs, "concurrency": 1, "in_children": True}
    reports = bench.alternating({"ours": Contender("workbench_runs", order), "bare": Contender("bare_openai", order)})
    ours, bare = (samples(reports[name], "cpu_s", "ms", scale=1000 / runs) for name in ("ours", "bare"))
    yield judged("P12", TITLE, ours.over(bare), Goal("≤", 1.5, "×"), ours=ours, other=f"bare loop {bare}")
