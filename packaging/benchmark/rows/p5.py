"""P5: long traces."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "long traces in the table"
LEAVES_OUT = "Reading the file and folding, which have a line of their own; the window's start."
_ROWS = 100_000
_EVENTS = 100_000
_TIMES = 7
_OPENED = 10_000


def measure(bench: Bench) -> Iterator[Line]:
    """Against a bare QTableView of as many rows, in the same process, by the processor time of the window's thread."""
    rows, events, opened_events = map(bench.scaled, (_ROWS, _EVENTS, _OPENED))
    order = {"rows": rows, "events": events, "times": _TIMES}
    reports = bench.alternating({"ours": Contender("trace_table", order)})["ours"]
    grow, bare_grow = samples(reports, "grow", "ms"), samples(reports, "bare_grow", "ms")
    what = f"200 rows into a trace of {rows:,}, folded, laid out and painted"
    yield judged("P5", what, grow, Goal("≤", 8, "ms"), ours=grow)
    yield judged(
        "P5",
        what,
        grow.over(bare_grow),
        Goal("≤", 1.5, "×"),
        ours=grow,
        other=f"bare table that folds the same facts {bare_grow}",
    )
    paint, bare_paint = samples(reports, "paint", "ms"), samples(reports, "bare_paint", "ms")
    yield judged(
        "P5",
        f"first paint of a trace of {events:,} events that has been read and folded",
        paint.over(bare_paint),
        Goal("≤", 3, "×"),
        ours=paint,
        other=f"bare table {bare_paint}",
    )
    read, fold = samples(reports, "read", "ms"), samples(reports, "fold", "ms")
    yield Line("P5", "before it: reading these events, folding their rows", f"{read}, {fold}")
    order = {"events": opened_events}
    opened = bench.alternating({"ours": Contender("open_run", order)})["ours"]
    what = f"a recorded run of {opened_events:,} events opened in the window, until chat and trace are painted"
    work, wall = samples(opened, "cpu_s", "ms", scale=1000), samples(opened, "wall_s", "ms", scale=1000)
    yield judged("P5", f"{what}: work of the window's thread", work, Goal("≤", 300, "ms"), ours=work)
    yield judged("P5", f"{what}: wall time", wall, Goal("≤", 300, "ms"), ours=wall)
    yield Line("P5", "meanwhile: work in the busiest gap", str(samples(opened, "work_worst", "ms")))
