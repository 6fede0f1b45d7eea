"""What had to be called first, learned from what was observed: the harmless calls before the right tool was reached."""

from collections import Counter

import msgspec

from workbench.core.suite.results import SuiteResults
from workbench.core.suite.trial import ArmKey


class CalledFirst(msgspec.Struct, frozen=True):
    """Of `of` trials that reached `expected`, `times` called `before` on the way."""

    expected: str
    before: str
    times: int
    of: int

    @property
    def is_always(self) -> bool:
        """Whether the right tool was never reached without it."""
        return self.times == self.of

    def __str__(self) -> str:
        how = "always" if self.is_always else "sometimes"
        return f"{self.expected}: {how} {self.before} first ({self.times} of {self.of})"


def called_first(results: SuiteResults, arm: ArmKey) -> tuple[CalledFirst, ...]:
    """What an arm called before each right tool, the most regular first."""
    found = []
    for expected, paths in results.reads_before(arm).items():
        of = sum(paths.values())
        times: Counter[str] = Counter()
        for reads, count in paths.items():
            for tool in set(reads):
                times[tool] += count
        found += [CalledFirst(expected, tool, count, of) for tool, count in times.items()]
    return tuple(sorted(found, key=lambda each: (-each.times / each.of, each.expected, each.before)))
