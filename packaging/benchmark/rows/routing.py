"""R1: routing by words."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "routing by words over 1,000 tools: a request, the index, and the index after one tool has changed"
LEAVES_OUT = "Other selectors, which wait for patterns, vectors, or a model."
_TOOLS = 1_000
_REQUESTS = 200


def measure(bench: Bench) -> Iterator[Line]:
    """Against its goals."""
    order = {"tools": bench.scaled(_TOOLS), "requests": bench.scaled(_REQUESTS)}
    reports = bench.alternating({"ours": Contender("routing_words", order)})["ours"]
    for key, unit, bound, what in (
        ("request_ms", "ms", 2, "a request once indexed"),
        ("index_s", "s", 1, "making the index"),
        ("update_ms", "ms", 50, "bringing it up to date"),
    ):
        found = samples(reports, key, unit)
        yield judged("R1", f"routing by words, 1,000 tools: {what}", found, Goal("≤", bound, unit), ours=found)
