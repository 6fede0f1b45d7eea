"""Time in which the program was closed is neither work nor waiting, in the log and in the trace."""

import asyncio
from pathlib import Path

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.approval import Decision
from workbench.engine.ports import Clock
from workbench.viewmodels.trace.trace import TraceViewModel

CLOSED_S = 240.0
ASKED = ({"calls": [{"tool": "touch", "arguments": {"mark": "a"}}]}, {"text": "Marked."})


class LateClock(Clock):
    """The system's time, a little later."""

    def __init__(self, later_s: float = 0.0) -> None:
        from workbench.app.clock import SystemClock

        self._clock, self._later_s = SystemClock(), later_s

    def now(self) -> float:
        return self._clock.now() + self._later_s

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)


def opened(folder: Path, clock: Clock) -> Session:
    home = folder.parent / "home"
    return Session(folder, folders=UserFolders(home, home, home), trust_for_now=True, clock=clock)


async def asked(session: Session) -> None:
    heard = asyncio.Event()
    session.desk.changed.connect(lambda: heard.set() if session.desk.pending else None)
    if not session.desk.pending:
        await heard.wait()


async def test_minutes_between_two_starts_do_not_count(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", *ASKED)
    first = opened(project, LateClock())
    run_id = first.runs.start("Mark it.").run_id
    await asked(first)
    await first.close()

    second = opened(project, LateClock(CLOSED_S))
    live = second.runs.resume(run_id)
    await asked(second)
    [question] = second.desk.pending
    second.desk.answer(question.call_id, question.shown_hash, Decision("approve", by="person"))
    finished = await live.finished()
    assert finished.totals.duration_ms < CLOSED_S * 1000 / 2
    assert finished.totals.waiting_ms <= finished.totals.duration_ms
    events = list(second.runs.load(run_id))
    assert any("does not count" in getattr(event, "text", "") for event in events)
    trace = TraceViewModel()
    trace.apply(events)
    words = trace.figures.totals_text(events[-1].at)
    assert " m " not in words  # 4 m 00 s
    await second.close()
