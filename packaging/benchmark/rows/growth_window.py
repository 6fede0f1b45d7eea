"""Growth of what a window holds: tabs opened and closed, calls that wait for a decision, runs that start at once."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "ten times as many tabs, approvals and starts in one window"
LEAVES_OUT = "The first run of a window, which loads the SDK; painting on a display, since all is drawn offscreen."
_TABS, _APPROVALS, _STARTS = 500, 2_000, 200
_CONVERSATIONS = 30
_CALM_S = 10


def measure(bench: Bench) -> Iterator[Line]:
    """Ten times as many against the small number; what is linear costs the same for each."""
    name = "GROWTH-WINDOW"
    for what, most, url, lines in (
        ("tabs", _TABS, "tools", (("each_s", "tabs opened and closed: the window's thread for each"),)),
        (
            "approvals",
            _APPROVALS,
            "calls-{size}",
            (("shown_s", "calls of one round that wait: the window's thread for each"),
             ("decided_s", "of them approved together: the window's thread for each")),
        ),
        ("starts", _STARTS, "tools", (("each_s", "runs started in one moment: the window's thread for each"),)),
    ):  # fmt: skip
        large = max(10, bench.scaled(most))
        sizes = {"small": max(2, large // 10), "large": large}
        orders = {
            key: {"what": what, "size": size, "url": bench.url(url.format(size=size)), "calm_s": _CALM_S * bench.share}
            for key, size in sizes.items()
        }
        reports = bench.alternating({key: Contender("grown_window", order) for key, order in orders.items()})
        for key, words in lines:
            small, grown = (samples(reports[side], key, "ms", scale=1000) for side in sizes)
            other = f"{sizes['small']:,}: {small}"
            yield judged(name, f"{large:,} {words}", grown.over(small), Goal("≤", 1.5, "×"), ours=grown, other=other)
        if what == "tabs":
            held = samples(reports["large"], "grown_mb", "MB")
            yield judged(name, f"{large:,} tabs: memory that is not given back", held, Goal("≤", 20, "MB"), ours=held)
        else:
            busiest = samples(reports["large"], "busiest_s", "ms", scale=1000)
            yield Line(name, f"{large:,} {what}: work of the window's thread in its busiest gap", figure=str(busiest))
    order = {"what": "conversations", "size": bench.scaled(_CONVERSATIONS), "url": bench.url("tools")}
    talks = bench.alternating({"": Contender("grown_window", {**order, "calm_s": _CALM_S * bench.share})})[""]
    before, after, more = (samples(talks, key, "MB") for key in ("before_mb", "after_mb", "open_mb"))
    yield judged(
        name,
        f"{_CONVERSATIONS} conversations that ran, opened and closed: memory of the process against before",
        after.over(before),
        Goal("≤", 1.1, "×"),
        ours=after,
        other=f"before {before}, while open {more} more",
    )
