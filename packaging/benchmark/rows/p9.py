"""P9: the recorder."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged
from benchmark.killing import kill_and_count

TITLE = "the recorder: events a second, cost to the caller, what a kill loses"
LEAVES_OUT = "Redaction of keys, since none is set."
_EVENTS = 100_000


def measure(bench: Bench) -> Iterator[Line]:
    """Against `sqlite3` by hand with the same rows."""
    reports = bench.alternating({"ours": Contender("recorder_load", {"events": bench.scaled(_EVENTS)})})["ours"]
    rate, floor = samples(reports, "per_s", "/s"), samples(reports, "floor_per_s", "/s")
    yield judged(
        "P9", "events recorded, until on disk", rate, Goal("≥", 100_000, "/s"), ours=rate, other=f"by hand {floor}"
    )
    handed = samples(reports, "hand_over_us", "µs")
    yield judged("P9", "caller's thread: handing an event to log and store", handed, Goal("≤", 1, "µs"), ours=handed)
    whole = samples(reports, "own_us", "µs")
    what = "caller's thread: recording a streamed piece, the store busy beside it"
    yield judged("P9", what, whole, Goal("≤", 1, "µs"), ours=whole)
    order = {"url": bench.url("tools"), "conversations": 1, "warm_up": 1, "frames": 1, "idle_s": 0.1}
    statements = samples([bench.run(Contender("window_frames", order))], "sql_on_this_thread")
    yield judged("P9", "SQL statements on the window's thread during a run", statements, Goal("≤", 0), ours=statements)
    lost = kill_and_count(bench)
    yield judged("P9", "deltas lost by a kill, by age of the oldest", lost, Goal("≤", 50, "ms"), ours=lost)
    yield Line("P9", "approvals, calls and results lost by a kill", "see tests/reliability/test_kills.py")
