"""What a project's suite runs tested, for commands that only read the project."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.app.exports.coverage import NOT_TESTED, CoverageTable, SuiteCoverage
from workbench.app.session import Session
from workbench.core.evidence.statement import ToolState
from workbench.core.project_folder import HISTORY_FOLDER
from workbench.core.tool import Tool
from workbench.store.trial_store import TRIALS_FOLDER

_MOST_NAMED = 5
_WORDS: tuple[tuple[ToolState, str], ...] = (("never tested", "never tested"), ("stale", "changed since the test"))


def coverage_of(project_folder: Path) -> CoverageTable:
    """What was tested, where anything was; a project without suite runs is not opened."""
    if not (project_folder / HISTORY_FOLDER / TRIALS_FOLDER).is_dir():
        return NOT_TESTED
    session = Session(project_folder)
    try:
        return SuiteCoverage(session.suites).read()
    finally:
        asyncio.run(session.close())


def untested_lines(tools: Sequence[Tool], coverage: CoverageTable) -> Iterator[str]:
    """`never tested: find_orders, look`: the tools whose present text no suite run tested."""
    for state, words in _WORDS:
        names = [tool.name for tool in tools if coverage.state(tool) == state]
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        if names:
            yield f"{words}: {', '.join(names[:_MOST_NAMED])}{more}"
