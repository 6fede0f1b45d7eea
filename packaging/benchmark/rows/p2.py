"""P2: how many runs a second."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, Samples, judged, skipped

TITLE = "200 such runs, 32 at once: runs a second"
LEAVES_OUT = "As P1; the processor time of the server, which has the other core."
_RUNS = 200
_CONCURRENCY = 32


def measure(bench: Bench) -> Iterator[Line]:
    """Against the bare loop, and against frameworks where they are installed."""
    runs = bench.scaled(_RUNS)
    order = {"url": bench.url("tools"), "runs": runs, "concurrency": _CONCURRENCY}
    reports = bench.alternating(
        {
            "ours": Contender("workbench_runs", order),
            "bare loop": Contender("bare_openai", order),
            "pydantic-ai": Contender("pydantic_ai_runs", order, is_peer=True),
            "openai-agents": Contender("openai_agents_runs", order, is_peer=True),
        }
    )
    speeds = {
        name: Samples(tuple(report["runs"] / report["wall_s"] for report in found), "runs/s")
        for name, found in reports.items()
    }
    for name, bound in (("bare loop", 1.7), ("pydantic-ai", 4.0), ("openai-agents", 3.0)):
        if name not in speeds:
            yield skipped("P2", f"{TITLE}, against {name}", f"{name} is not installed")
            continue
        figure = speeds["ours"].over(speeds[name])
        yield judged(
            "P2",
            f"{TITLE}, against {name}",
            figure,
            Goal("≥", bound, "×"),
            ours=speeds["ours"],
            other=str(speeds[name]),
        )
    cpu = samples(reports["ours"], "cpu_s").over(samples(reports["bare loop"], "cpu_s"))
    yield Line("P2", "the same as processor time, against the bare loop", figure=str(cpu))
