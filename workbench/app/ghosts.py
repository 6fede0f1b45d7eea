"""The static ghost over a project's history: which recorded calls would no longer fit the tools as they are now."""

from collections.abc import AsyncIterator, Mapping

from workbench.app.session import Session
from workbench.checking.process import ProcessChecker
from workbench.core.errors import WorkbenchError
from workbench.core.ids import RunId
from workbench.core.tool import Toolset
from workbench.replay.ghost import Ghost, judge
from workbench.replay.recording import Recording

MOST_RUNS = 200


async def ghosts(
    session: Session,
    toolset: Toolset,
    *,
    renames: Mapping[str, str] | None = None,
    runs: int = MOST_RUNS,
) -> AsyncIterator[tuple[RunId, tuple[Ghost, ...]]]:
    """The calls of each run that made any, the newest run first, at most `runs` runs. Runs that cannot be read, or
    were recorded by a newer program, are left out."""
    checker = ProcessChecker()
    try:
        for row in session.runs.recorded()[:runs]:
            if not row.calls:
                continue
            try:
                recording = Recording(tuple(session.runs.load(row.run_id)))
            except WorkbenchError:
                continue
            yield row.run_id, await judge(recording.calls.values(), toolset, checker, renames=renames)
    finally:
        await checker.close()
