"""Growth of a suite run: opening it, and going on with it."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "a suite run of many stored trials"
LEAVES_OUT = "Statistics that compare arms; the stored runs of the trials, which open one by one."
_OPENED, _RESUMED = 100_000, 200_000


def measure(bench: Bench) -> Iterator[Line]:
    """Each size against one of a tenth."""
    for trials, key, what, bound_s in (
        (_OPENED, "open_s", "until its trials are read and counted", 1.0),
        (_RESUMED, "resume_s", "until it has gone on and made the last five", 5.0),
    ):
        large = max(2_000, bench.scaled(trials))
        sizes = {"small": large // 10, "large": large}
        reports = bench.alternating(
            {
                name: Contender("grown_suite", {"trials": size, "url": bench.url("case-0")})
                for name, size in sizes.items()
            }
        )
        ours, small = (samples(reports[name], key, "s") for name in ("large", "small"))
        other = f"{sizes['small']:,} trials {small}"
        yield judged(
            "GROWTH-SUITES", f"{large:,} trials: {what}", ours, Goal("≤", bound_s, "s"), ours=ours, other=other
        )
        cpu = samples(reports["large"], key.replace("_s", "_cpu_s"), "s")
        yield Line("GROWTH-SUITES", f"{large:,} trials: {what}: processor time", str(cpu))
        if key == "resume_s":
            again = samples(reports["large"], "repeated")
            yield judged("GROWTH-SUITES", f"{large:,} trials: trials made twice", again, Goal("≤", 0), ours=again)
