"""A kill at every step of a run: nothing committed is lost, and no side effect happens twice."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import _environment
from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL
from workbench.core.event import RunFinished, ToolStarted, is_durable
from workbench.core.trace import fold

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9")

CHILD = Path(__file__).parent.parent / "support" / "dying_run.py"
ANSWERS = (
    {"text": "Two marks.", "calls": [{"tool": "touch", "arguments": {"mark": mark}} for mark in "ab"]},
    {"calls": [{"tool": "touch", "arguments": {"mark": "c"}}]},
    {"text": "Marked."},
)
STEPS = int(os.environ.get("WORKBENCH_KILL_STEPS", "36"))


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_a_kill_loses_no_committed_event_and_repeats_no_side_effect(tmp_path: Path, step: int) -> None:
    project = make_project(tmp_path / "p", *ANSWERS)
    killed = subprocess.run(
        [sys.executable, str(CHILD), str(project), str(step)],
        capture_output=True,
        text=True,
        timeout=240,
        env=_environment(tmp_path / "home") | {"PYTHONPATH": str(Path(__file__).parent.parent.parent)},
        check=False,
    )
    acknowledged = [int(line.split()[1]) for line in killed.stdout.splitlines() if line.startswith("ack")]
    asyncio.run(_survive(project, tmp_path / "home", acknowledged))


async def _survive(project: Path, home: Path, acknowledged: list[int]) -> None:
    session = Session(project, folders=UserFolders(home, home, home), trust_for_now=True)
    rows = session.runs.recorded()
    if not rows:
        assert not acknowledged
        await session.close()
        return
    run_id = rows[0].run_id
    events = session.store.events(run_id)
    seqs = [event.seq for event in events if is_durable(event)]
    assert set(acknowledged) <= set(seqs)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    trace = fold(events)
    for call in trace.calls():
        if call.started and call.settled is None:
            raise AssertionError("a started call was left open")
    if trace.finished is None:
        await session.runs.resume(run_id, policy=ALLOW_ALL).finished()
    final = session.store.events(run_id)
    assert isinstance(final[-1], RunFinished)
    started = [event.call_id for event in final if isinstance(event, ToolStarted)]
    assert len(started) == len(set(started))
    marks = (project / "marks.txt").read_text().split() if (project / "marks.txt").exists() else []
    assert len(marks) == len(set(marks)), "a side effect happened twice"
    outcomes = {call.outcome for call in fold(final).calls()}
    assert outcomes <= {"ok", "unknown"}
    await session.close()
