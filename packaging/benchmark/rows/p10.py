"""P10: streamed Markdown."""

from collections.abc import Iterator

from benchmark.bench import Bench, Contender, samples
from benchmark.figure import Goal, Line, judged

TITLE = "an answer of 80,000 characters of Markdown that grows by 160 characters a flush"
LEAVES_OUT = "The work of reading the answer."
_CHARACTERS = 80_000
_STEP = 160


def measure(bench: Bench) -> Iterator[Line]:
    """Against a bound, by the processor time of the window's thread; a quarter of the rounds' text when quick."""
    kinds = (
        ("mixed", "everything Markdown has"),
        ("code", "one code block that never ends"),
        ("list", "one list that never ends"),
    )
    for kind, words in kinds:
        order = {"kind": kind, "characters": bench.scaled(_CHARACTERS), "step": _STEP}
        reports = bench.alternating({"ours": Contender("markdown_flush", order)})["ours"]
        worst = samples(reports, "worst", "ms")
        yield judged("P10", f"{words}: worst flush", worst, Goal("≤", 8, "ms"), ours=worst)
        first, last = samples(reports, "first_quarter", "ms"), samples(reports, "last_quarter", "ms")
        yield judged(
            "P10",
            f"{words}: a flush of the last quarter against one of the first",
            last.over(first),
            Goal("≤", 1.5, "×"),
            ours=last,
            other=f"first quarter {first}",
        )
        end = samples(reports, "at_the_end", "ms")
        yield judged("P10", f"{words}: the flush at the end", end, Goal("≤", 8, "ms"), ours=end)
