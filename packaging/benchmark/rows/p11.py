"""P11: one decision point, sampled many times."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, Samples, judged

TITLE = "100 samples of one decision point, 32 at once"
LEAVES_OUT = "The first three samples, in which the SDK is loaded."
_TRIALS = 100
_CONCURRENCY = 32
_TIMES = 4


def measure(bench: Bench) -> Iterator[Line]:
    """Against the bare loop, which asks as often and forgets the answers; and against the window's idle tick."""
    trials = bench.scaled(_TRIALS)
    order = {"url": bench.url("tools"), "runs": trials, "trials": trials, "concurrency": _CONCURRENCY}
    reports = bench.alternating(
        {
            "ours": Contender("samples", {**order, "in_window": False}),
            "bare": Contender("bare_openai", {**order, "only_ask": True}),
            "window": Contender("samples", {**order, "in_window": True, "times": _TIMES}),
        }
    )
    ours, bare = (
        Samples(tuple(report["runs"] / report["wall_s"] for report in reports[name]), "a second")
        for name in ("ours", "bare")
    )
    yield judged("P11", TITLE, ours.over(bare), Goal("≥", 1.7, "×"), ours=ours, other=f"bare loop {bare}")
    cpu = samples(reports["ours"], "cpu_s").over(samples(reports["bare"], "cpu_s"))
    yield Line("P11", "the same as processor time, against the bare loop", figure=str(cpu))
    idle, gap = samples(reports["window"], "idle_p99", "ms"), samples(reports["window"], "p99", "ms")
    what = f"{_TIMES} times that in the window: p99 gap"
    yield judged("P11", what, gap.over(idle), Goal("≤", 1.25, "×"), ours=gap, other=f"idle tick p99 {idle}")
    worst = samples(reports["window"], "worst", "ms")
    yield judged("P11", f"{_TIMES} times that in the window: longest gap", worst, Goal("≤", 33, "ms"), ours=worst)
    yield Line(
        "P11",
        f"{_TIMES} times that in the window: work of its thread in its busiest gap, and in all",
        str(samples(reports["window"], "work_worst", "ms")),
        figure=str(samples(reports["window"], "work_ms", "ms")),
    )
