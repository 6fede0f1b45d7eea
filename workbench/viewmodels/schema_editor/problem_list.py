"""The problems of a tool as it is typed, worst first, each with its place."""

from collections.abc import Callable

from workbench.core.json_place import Fault
from workbench.viewmodels.schema_editor.checks import check_tool
from workbench.viewmodels.schema_editor.document import ToolDocument
from workbench.viewmodels.schema_editor.problem import SEVERITIES, EditorProblem, Finding, Severity, placed, sentence
from workbench.viewmodels.schema_editor.rows import FormRow
from workbench.viewmodels.schema_editor.vendor_limits import check_limits
from workbench.viewmodels.shared.signal import Signal

MAX_PROBLEMS = 200


class ProblemList:
    """Broken JSON has the one problem that it is broken; everything else waits until it is whole."""

    def __init__(self, document: ToolDocument, stem: Callable[[], str], tool_count: Callable[[], int]) -> None:
        """`stem` is the file's name without its ending, `tool_count` how many tools the project offers."""
        self.items: tuple[EditorProblem, ...] = ()
        self.changed: Signal[[]] = Signal()
        self._document = document
        self._stem = stem
        self._tool_count = tool_count
        self.check()

    @property
    def summary(self) -> str:
        """How many there are, in words."""
        counts = [(severity, self.count(severity)) for severity in SEVERITIES]
        words = [f"{count} {severity}{'' if count == 1 else 's'}" for severity, count in counts if count]
        return ", ".join(words) or "No problems"

    def count(self, severity: Severity) -> int:
        """How many of that severity."""
        return sum(problem.severity == severity for problem in self.items)

    def check(self) -> None:
        """Find the problems of the text as it is now."""
        document = self._document
        if document.is_broken:
            found = [self._at_fault(fault) for fault in document.faults]
        else:
            findings = [*check_tool(document.value), *self._about_file()]
            findings += check_limits(document.value, tool_count=self._tool_count())
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

    def _at_fault(self, fault: Fault) -> EditorProblem:
        line, column = self._document.places.line_column(fault.start)
        return EditorProblem("error", sentence(fault.message), "", fault.start, fault.end, line, column)

    def _about_file(self) -> list[Finding]:
        name, stem = self._document.value.get("name"), self._stem()
        if isinstance(name, str) and name and name != stem:
            return [Finding("note", "/name", f"the file is still named {stem}.json; Ctrl+S renames it")]
        return []


def _lies_in(path: str, container: str) -> bool:
    return path == container or path.startswith(f"{container}/")
