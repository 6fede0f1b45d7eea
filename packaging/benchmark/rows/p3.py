"""P3: what a streamed chunk costs, with trace and record."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.canned import LONG_CHUNKS
from benchmark.figure import Goal, Line, judged

TITLE = f"processor time of one of {LONG_CHUNKS:,} streamed chunks, with trace, recorded to disk"


def measure(bench: Bench) -> Iterator[Line]:
    """Against the SDK's typed chunks, joined and thrown away."""
    order = {"url": bench.url("long"), "runs": 1, "concurrency": 1}
    reports = bench.alternating({"ours": Contender("workbench_runs", order), "bare": Contender("bare_openai", order)})
    ours, bare = (samples(reports[name], "cpu_s", "µs", scale=1e6 / LONG_CHUNKS) for name in ("ours", "bare"))
    yield judged("P3", TITLE, ours.over(bare), Goal("≤", 0.3, "×"), ours=ours, other=f"typed chunks {bare}")
