"""The problems of a tool while it is edited, worst first, each with its place."""

from collections.abc import Callable, Sequence

from workbench.app.lint.project_lint import ALL_RULES
from workbench.core.json_place import JsonFault
from workbench.core.lint.finding import SEVERITIES, Finding, Severity
from workbench.core.lint.rule import Surroundings, run_rules
from workbench.core.signal import Signal
from workbench.core.tool import Tool
from workbench.viewmodels.schema_editor.document import ToolDocument
from workbench.viewmodels.schema_editor.problem import EditorProblem, placed
from workbench.viewmodels.schema_editor.rows import FormRow
from workbench.viewmodels.shared.figures import sentence

MAX_PROBLEMS = 200


class ProblemList:
    """Broken JSON has only this one problem; everything else waits until it is valid."""

    def __init__(self, document: ToolDocument, stem: Callable[[], str], others: Callable[[], Sequence[Tool]]) -> None:
        """`stem` is the file's name without its extension, `others` the tools that a model is offered with this one."""
        self.items: tuple[EditorProblem, ...] = ()
        self.changed: Signal[[]] = Signal()
        self._document = document
        self._stem = stem
        self._others = others
        self.check()

    @property
    def summary(self) -> str:
        """The number of problems, in words."""
        counts = [(severity, self.count(severity)) for severity in SEVERITIES]
        words = [f"{count} {severity}{'' if count == 1 else 's'}" for severity, count in counts if count]
        return ", ".join(words) or "No problems"

    def count(self, severity: Severity) -> int:
        """The number of problems of this severity."""
        return sum(problem.severity == severity for problem in self.items)

    def check(self) -> None:
        """Find the problems of the current text."""
        document = self._document
        if document.is_broken:
            found = [self._at_fault(fault) for fault in document.faults]
        else:
            findings = [*run_rules(ALL_RULES, document.value, Surroundings(self._others())), *self._about_file()]
            found = [placed(finding, document.places) for finding in dict.fromkeys(findings)]
        found.sort(key=lambda problem: (SEVERITIES.index(problem.severity), problem.start))
        items = tuple(found[:MAX_PROBLEMS])
        if items != self.items:
            self.items = items
            self.changed.emit()

    def of_row(self, row: FormRow, rows: tuple[FormRow, ...]) -> tuple[EditorProblem, ...]:
        """The problems at a row's pointer or inside it, without those of the rows inside it."""
        below = tuple(other.path for other in rows if other is not row and _lies_in(other.path, row.path))
        return tuple(
            problem
            for problem in self.items
            if _lies_in(problem.path, row.path) and not any(_lies_in(problem.path, path) for path in below)
        )

    def _at_fault(self, fault: JsonFault) -> EditorProblem:
        line, column = self._document.places.line_column(fault.start)
        return EditorProblem("error", sentence(fault.message), "", fault.start, fault.end, line, column)

    def _about_file(self) -> list[Finding]:
        name, stem = self._document.value.get("name"), self._stem()
        if isinstance(name, str) and name and name != stem:
            return [Finding("note", "/name", f"the file is still named {stem}.json; Ctrl+S renames it")]
        return []


def _lies_in(path: str, container: str) -> bool:
    return path == container or path.startswith(f"{container}/")
