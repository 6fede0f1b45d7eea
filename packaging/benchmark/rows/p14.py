"""P14: the local model beside other programs."""

from collections.abc import Iterator
from importlib.util import find_spec

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged, skipped

TITLE = "the local model with five tools, alone and with two busy processes beside it"
LEAVES_OUT = "Starting the child process; answers that are kept, since every request is another one."
_TOOLS = 5
_REQUESTS = 10
_BUSY = 2


def measure(bench: Bench) -> Iterator[Line]:
    """Against itself on the machine as it is."""
    if find_spec("needle") is None:
        yield skipped("P14", TITLE, "the local model is not installed")
        return
    order = {"tools": bench.scaled(_TOOLS), "requests": bench.scaled(_REQUESTS)}
    reports = bench.alternating(
        {
            "alone": Contender("local_requests", {**order, "busy": 0}),
            "beside": Contender("local_requests", {**order, "busy": _BUSY}),
        }
    )
    for key, what in (("load_s", "reading the tools"), ("request_s", "a request after that")):
        alone, beside = (samples(reports[name], key, "s") for name in ("alone", "beside"))
        words = f"local model, {_TOOLS} tools, {_BUSY} busy processes beside it: {what}"
        yield judged("P14", words, beside.over(alone), Goal("≤", 4, "×"), ours=beside, other=f"alone {alone}")
