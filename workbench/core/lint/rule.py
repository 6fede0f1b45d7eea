"""A rule: what it looks for, why, and how it looks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.core.json_text import JsonObject
from workbench.core.lint.finding import Finding, Severity
from workbench.core.tool import Tool


@dataclass(frozen=True)
class Surroundings:
    """The other tools that a model is offered with the one that is looked at."""

    others: Sequence[Tool] = ()
    paired: frozenset[str] = frozenset()
    """Those at which a finding about the pair was made already, so that a list of all tools has it once."""

    @property
    def tool_count(self) -> int:
        """How many tools there are with this one."""
        return len(self.others) + 1


ALONE = Surroundings()


@dataclass(frozen=True)
class Study:
    """What others measured, as their paper states it. `interval` is empty where the paper gives none."""

    paper: str
    effect: str
    sample: str
    models: str
    interval: str = ""

    def __str__(self) -> str:
        interval = f"interval {self.interval}" if self.interval else "no interval stated"
        return f"Measured by {self.paper}: {self.effect}; {self.sample}; {self.models}; {interval}."


@dataclass(frozen=True)
class Grounds:
    """Why a rule exists. `source` names the document that states it; `studies` measured it, or something near to it."""

    words: str
    source: str
    studies: tuple[Study, ...] = ()

    def __str__(self) -> str:
        stated = f"{self.words} Stated by: {self.source}."
        return "\n".join((stated, *map(str, self.studies)))


@dataclass(frozen=True)
class LintRule:
    """`severity` is the usual one; a finding can be milder. `check` gets the tool's document, legal or not."""

    id: str
    severity: Severity
    about: str
    grounds: Grounds
    check: Callable[[JsonObject, Surroundings], Iterable[Finding]]


def run_rules(rules: Iterable[LintRule], document: JsonObject, surroundings: Surroundings = ALONE) -> Iterator[Finding]:
    """What the rules find in one tool, each finding with its rule's id."""
    for rule in rules:
        for finding in rule.check(document, surroundings):
            yield replace(finding, rule=rule.id)
