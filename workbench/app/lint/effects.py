"""What the smells that rules look for did to a model's choices, as `make lint-effects` measured it."""

from functools import cache

import msgspec

from workbench.app.project.resources import resources
from workbench.core.errors import ProjectError
from workbench.core.lint.rule import LintRule
from workbench.core.statistics.verdict import Word

FILE = "lint_effects.json"


class SmellEffect(msgspec.Struct, frozen=True, kw_only=True):
    """A smell put into a sample and measured on the same cases as the sample itself. Shares are of right choices;
    `low` and `high` bound the change with 95 %."""

    rule: str
    smell: str
    sample: str
    model: str
    measured_on: str
    cases: int
    before: float
    after: float
    low: float
    high: float
    p: float
    family: int
    fixed: int
    broken: int
    word: Word

    def __str__(self) -> str:
        change, low, high = (f"{100 * value:+.1f}" for value in (self.after - self.before, self.low, self.high))
        found = _FOUND[self.word]
        return (
            f"{found}: {self.smell} changed the share of right choices by {change} points ({low} to {high}), "
            f"{self.broken} broken and {self.fixed} fixed of {self.cases} cases, p = {self.p:.3f} among {self.family}; "
            f"{self.model} on {self.sample}, {self.measured_on}"
        )


_FOUND: dict[Word, str] = {
    "regression": "Measured harm",
    "improvement": "Measured, and it helped",
    "no change": "No effect measured",
    "insufficient data": "No clear effect measured",
}


@cache
def effects() -> tuple[SmellEffect, ...]:
    """What was measured; empty where the file is missing."""
    try:
        return msgspec.json.decode((resources() / FILE).read_bytes(), type=tuple[SmellEffect, ...])
    except (OSError, ProjectError):
        return ()


def grounds_of(rule: LintRule) -> str:
    """Why a rule exists: what states it, what studies measured, and what we measured, a line each."""
    return "\n".join(filter(None, (str(rule.grounds), effect_words(rule.id))))


def effect_words(rule: str) -> str:
    """What was measured for a rule, a line each; empty where nothing was."""
    return "\n".join(str(each) for each in effects() if each.rule == rule)
