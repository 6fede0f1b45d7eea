"""P1: what a streamed run with tools costs, everything recorded to disk."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "processor time of a two-round run: 3 parallel calls, then 64 tokens, recorded to disk"
LEAVES_OUT = "The first three runs, which load the SDK; processes for tools, since all tools answer in the program."
_RUNS = 100


def measure(bench: Bench) -> Iterator[Line]:
    """Against a bare hand-written loop on the SDK's typed chunks, which records nothing."""
    runs = bench.scaled(_RUNS)
    order = {"url": bench.url("tools"), "runs": runs, "concurrency": 1}
    reports = bench.alternating({"ours": Contender("workbench_runs", order), "bare": Contender("bare_openai", order)})
    ours, bare = (samples(reports[name], "cpu_s", "ms", scale=1000 / runs) for name in ("ours", "bare"))
    yield judged("P1", TITLE, ours.over(bare), Goal("≤", 0.6, "×"), ours=ours, other=f"bare loop {bare}")
