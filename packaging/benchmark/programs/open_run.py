"""A recorded run of many events is opened in the window: until its newest messages and its trace are on the screen."""

import asyncio
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from benchmark.programs import long_trace
from benchmark.programs.bench_project import open_session
from benchmark.programs.cost import order, report
from benchmark.programs.ticks import Ticks
from workbench.app.project.resources import resources
from workbench.core.event import RunFinished
from workbench.core.exchange import Usage
from workbench.core.ids import ROOT_SPAN
from workbench.core.log import EventLog
from workbench.core.run_totals import RunTotals
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.window.main_window import MainWindow
from workbench.gui.window.memory import Memory
from workbench.gui.window.qt_loop import make_application, run_on_qt_loop
from workbench.store.runs import RunStore

_SETTLE_S = 0.5
_TURNS = 3


def record(store: RunStore, count: int) -> int:
    """Put a run of about this many events on record."""
    rounds = count // long_trace.events_of_a_round()
    events = [*long_trace.opening(), *long_trace.rounds(1, rounds)]
    calls = rounds * long_trace.CALLS
    totals = RunTotals(
        turns=1, rounds=rounds, requests=rounds, calls=calls, usage=Usage(), duration_ms=1.0, tool_ms=1.0, saved_ms=0.0
    )
    end = RunFinished(
        run_id=long_trace.RUN,
        seq=len(events) + 1,
        at=events[-1].at,
        span=ROOT_SPAN,
        outcome="answered",
        ended_by="answer",
        text="Done.",
        totals=totals,
    )
    log = EventLog()
    store.follow(log)
    for event in (*events, end):
        log.append(event)
    store.flush()
    return len(log)


async def main(app: QApplication) -> int:
    """Measure as ordered."""
    told = order()
    session = open_session(Path(told["folder"]), "http://127.0.0.1:9/v1")
    count = record(session.store, told["events"])
    tasks = Tasks()
    window = MainWindow(session, Look(app, resources() / "icons"), tasks)
    window.resize(1440, 900)
    window.show()
    Memory(lambda: False, window).settle()
    ticks = Ticks()
    await asyncio.sleep(_SETTLE_S)
    ticks.take()
    begun, cpu = time.monotonic(), time.thread_time()
    window.open_run(long_trace.RUN)
    pane = window.pane
    assert pane is not None
    while pane.conversation.is_loading:  # noqa: ASYNC110 — every turn of the loop
        await asyncio.sleep(0)
    for _ in range(_TURNS):  # what was made is laid out
        await asyncio.sleep(0)
    window.repaint()
    wall_s, cpu_s = time.monotonic() - begun, time.thread_time() - cpu
    await asyncio.sleep(_SETTLE_S)
    gaps, work = ticks.take()
    rows = len(pane.conversation.trace.rows)
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    window.close()
    await closed.wait()
    await tasks.close()
    report(wall_s=wall_s, cpu_s=cpu_s, worst=max(gaps), work_worst=max(work), events=count, rows=rows)
    return 0


if __name__ == "__main__":
    application = make_application(["benchmark"])
    raise SystemExit(run_on_qt_loop(application, main(application)))
