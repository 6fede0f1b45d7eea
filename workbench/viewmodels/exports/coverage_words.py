"""What was tested, in words."""

from collections.abc import Iterable

from workbench.app.exports.coverage import CoverageTable, ToolTest
from workbench.core.evidence.statement import ToolState
from workbench.core.tool import Tool
from workbench.viewmodels.shared import figures

STATE_WORDS: dict[ToolState, str] = {
    "tested": "tested",
    "stale": "changed since its test",
    "never tested": "never tested",
}

SHORT_WORDS: dict[ToolState, str] = {"tested": "", "stale": "text changed", "never tested": "untested"}
"""The same beside a tool's name, where there is little room."""


def result_words(test: ToolTest) -> str:
    """`66.7 % right of 3 cases (20.8–93.9)`."""
    cases = figures.count(test.cases, "case")
    if test.right is None:
        return f"nothing graded of {cases}"
    low, high = 100 * test.interval.low, 100 * test.interval.high
    return f"{100 * test.right:.1f} % right of {cases} ({low:.1f}–{high:.1f})"


def test_lines(tool: Tool, table: CoverageTable) -> Iterable[str]:
    """What is known about the text that a tool has now, a line each."""
    tests = table.newest(tool)
    for test in tests:
        yield f"{test.suite} · {test.arm.title}: {result_words(test)}, {figures.day(test.at)}"
    if not tests:
        words = STATE_WORDS[table.state(tool)]
        yield f"{words[0].upper()}{words[1:]}"
