"""P6 and P7: suites of cases."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, Report, samples
from benchmark.figure import Goal, Line, Samples, judged, skipped
from benchmark.rows.p4 import smoothness

TITLE = "a suite of 500 cases, 32 at once, checked and stored: cases a second, and peak memory"
LEAVES_OUT = (
    "The first start of each command, which compiles byte code; checking anything but a text; models that take time."
)
_CASES = 500
_AT_ONCE = 32
_LATENCY_MS = 50
_WARM_CASES = 10
_IDLE_S = 4.0


def measure(bench: Bench) -> Iterator[Line]:
    """Whole commands from their start to their end, against promptfoo's and Inspect's; and our runner alone against
    what a server that takes its time allows; and the window while a suite runs."""
    cases = max(_WARM_CASES, bench.scaled(_CASES))
    reports = _commands(bench, cases)
    speeds = {name: _speed(found, cases) for name, found in reports.items()}
    memory = {name: samples(found, "peak_mb", "MB") for name, found in reports.items()}
    for name, bound in (("promptfoo", 2.5), ("inspect", 5.0)):
        what = f"{cases} cases, {_AT_ONCE} at once: cases a second, as a command, against {name}"
        if name not in speeds:
            yield skipped("P6", what, f"{name} is not installed")
            continue
        figure = speeds["ours"].over(speeds[name])
        yield judged("P6", what, figure, Goal("≥", bound, "×"), ours=speeds["ours"], other=f"{name} {speeds[name]}")
    yield from _with_latency(bench, cases)
    yield from _in_the_window(bench, cases)
    what = f"{cases} cases, {_AT_ONCE} at once: peak memory of the command"
    if "promptfoo" not in memory:
        yield skipped("P7", what, "promptfoo is not installed")
        return
    figure = memory["ours"].over(memory["promptfoo"])
    yield judged("P7", what, figure, Goal("≤", 0.5, "×"), ours=memory["ours"], other=f"promptfoo {memory['promptfoo']}")
    if "inspect" in memory:
        yield Line("P7", f"{what}, beside Inspect's", str(memory["ours"]), f"inspect {memory['inspect']}")


def _commands(bench: Bench, cases: int) -> dict[str, list[Report]]:
    """All commands, alternating; each is started once before."""
    peers = {"ours": "", "promptfoo": bench.promptfoo, "inspect": bench.inspect}
    orders = {
        name: {"who": name, "cases": cases, "url": bench.url("case-0"), "peer": peer}
        for name, peer in peers.items()
        if peer or name == "ours"
    }
    for order in orders.values():
        bench.run(Contender("suite_command", {**order, "cases": _WARM_CASES}))
    return bench.alternating({name: Contender("suite_command", order) for name, order in orders.items()})


def _with_latency(bench: Bench, cases: int) -> Iterator[Line]:
    order = {"url": bench.url(f"case-{_LATENCY_MS}"), "cases": cases, "concurrency": _AT_ONCE}
    speed = _speed(bench.alternating({"ours": Contender("suite_trials", order)})["ours"], cases)
    ceiling = _AT_ONCE * 1000 / _LATENCY_MS
    what = (
        f"{cases} cases, {_AT_ONCE} at once, of a server that takes {_LATENCY_MS} ms: cases a second, without the start"
    )
    yield Line("P6", what, str(speed), f"at most {ceiling:.0f} /s")


def _in_the_window(bench: Bench, cases: int) -> Iterator[Line]:
    url, idle_s = bench.url(f"case-{_LATENCY_MS}"), _IDLE_S * bench.share
    order = {"url": url, "cases": cases, "concurrency": _AT_ONCE, "idle_s": idle_s}
    reports = bench.alternating({"ours": Contender("window_suite", order)})["ours"]
    yield from smoothness("P6", f"the same in the window, whose page follows {cases} cases", reports)


def _speed(reports: list[Report], cases: int) -> Samples:
    return Samples(tuple(cases / report["wall_s"] for report in reports), "/s")
