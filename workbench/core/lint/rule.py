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
class Grounds:
    """Why a rule exists. `source` names the document; `effect` is the measured effect as that document states it, empty
    where none was measured."""

    words: str
    source: str
    effect: str = ""


@dataclass(frozen=True)
class Rule:
    """`severity` is the usual one; a finding can be milder. `check` gets the tool's document, legal or not."""

    id: str
    severity: Severity
    about: str
    grounds: Grounds
    check: Callable[[JsonObject, Surroundings], Iterable[Finding]]


def run_rules(rules: Iterable[Rule], document: JsonObject, surroundings: Surroundings = ALONE) -> Iterator[Finding]:
    """What the rules find in one tool, each finding with its rule's id."""
    for rule in rules:
        for finding in rule.check(document, surroundings):
            yield replace(finding, rule=rule.id)
