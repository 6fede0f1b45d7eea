"""P15: what a call by another program costs, over HTTP and over MCP."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "processor time of a served call of a Python tool: checked, decided, recorded, child processes included"
LEAVES_OUT = "The client; the start of the servers and their first calls; the bare ones record nothing."
_CALLS = 250
_AT_ONCE = 8
_BARE = {"http": "bare FastAPI", "mcp": "bare MCP server"}


def measure(bench: Bench) -> Iterator[Line]:
    """Against the same function in the process of a bare server that checks arguments, and does nothing else."""
    calls = bench.scaled(_CALLS)
    for over, bare_name in _BARE.items():
        told = {"over": over, "calls": calls, "at_once": _AT_ONCE}
        contenders = {
            name: Contender("service_calls", {**told, "server": server})
            for name, server in (("ours", "served_project"), ("bare", "bare_service"))
        }
        reports = bench.alternating(contenders)
        ours, bare = (samples(reports[name], "cpu_s", "ms", scale=1000 / calls) for name in contenders)
        what = f"{over.upper()}: {TITLE}"
        yield judged("P15", what, ours.over(bare), Goal("≤", 1.5, "×"), ours=ours, other=f"{bare_name} {bare}")
