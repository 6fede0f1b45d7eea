"""P3: what a streamed chunk costs, with trace and record."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

_CHUNKS = 20_000
TITLE = f"processor time of one of {_CHUNKS:,} streamed chunks, with trace, recorded to disk"
LEAVES_OUT = "The first run, in which the SDK is loaded."


def measure(bench: Bench) -> Iterator[Line]:
    """Against the SDK's typed chunks, joined and thrown away."""
    chunks = bench.scaled(_CHUNKS)
    order = {"url": bench.url(f"words-{chunks}"), "runs": 1, "concurrency": 1}
    reports = bench.alternating({"ours": Contender("workbench_runs", order), "bare": Contender("bare_openai", order)})
    ours, bare = (samples(reports[name], "cpu_s", "µs", scale=1e6 / chunks) for name in ("ours", "bare"))
    yield judged("P3", TITLE, ours.over(bare), Goal("≤", 0.3, "×"), ours=ours, other=f"typed chunks {bare}")
