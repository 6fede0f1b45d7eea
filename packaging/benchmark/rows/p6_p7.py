"""P6 and P7: suites of cases."""

from collections.abc import Iterator

from benchmark.bench import Bench
from benchmark.figure import Line, skipped

TITLE = "500 cases, 32 at once: cases a second, and peak memory, against promptfoo and inspect-ai"
LEAVES_OUT = "Everything: suites are not built yet."


def measure(bench: Bench) -> Iterator[Line]:
    """Suites do not exist yet."""
    yield skipped("P6", "500 cases, 32 at once: cases a second", "not built yet")
    yield skipped("P7", "its peak memory", "not built yet")
