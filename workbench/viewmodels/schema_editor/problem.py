"""What is wrong with a tool while it is edited, with its place in the form and in the text."""

from dataclasses import dataclass, field

from workbench.app.lint.effects import grounds_of
from workbench.app.lint.project_lint import RULE_OF
from workbench.core.json_place import JsonPlaces
from workbench.core.lint.finding import Finding, Fix, Severity
from workbench.core.lint.place import span_of
from workbench.viewmodels.shared.figures import sentence


@dataclass(frozen=True)
class EditorProblem:
    """A finding with its place in the text: characters `start` to `end`, line and column from 1."""

    severity: Severity
    message: str
    path: str
    start: int
    end: int
    line: int
    column: int
    rule: str = ""
    fix: Fix | None = field(default=None, hash=False)

    @property
    def place(self) -> str:
        """The place, for a list."""
        return f"line {self.line}, column {self.column}"


def placed(finding: Finding, places: JsonPlaces) -> EditorProblem:
    """The finding at its place, or at the nearest thing that is there."""
    start, end = span_of(finding, places)
    line, column = places.line_column(start)
    words = sentence(finding.message)
    return EditorProblem(finding.severity, words, finding.path, start, end, line, column, finding.rule, finding.fix)


def grounds_words(rule: str) -> str:
    """Why a rule exists, with its source and what was measured; empty for an unknown one."""
    known = RULE_OF.get(rule)
    return grounds_of(known) if known is not None else ""
