"""One decision point of a recorded run, put many times: without a window, or in one whose ticks are watched."""

import asyncio
from pathlib import Path
from typing import Any

from benchmark.programs.bench_project import open_session, user_folders, write_project
from benchmark.programs.cost import Cost, order, report
from benchmark.programs.weather import PROMPT
from workbench.app.models.background_loop import BackgroundLoop
from workbench.app.replay.replays import Replays, SampleRequest
from workbench.app.session import Session

_POINT = "before:round-1"
_WARM_UP = 3
_IDLE_S = 1.0


async def asked(session: Session, told: Any) -> tuple[Replays, SampleRequest]:
    """A question to be put; the SDK is loaded by then."""
    finished = await session.runs.start(PROMPT).finished()
    assert finished.outcome == "answered", finished.message
    session.store.flush()
    replays = Replays(session.runs, session.providers, session.prices)
    question = replays.question(
        replays.recording("last"), _POINT, trials=told["trials"], concurrency=told["concurrency"]
    )
    await replays.sampler(question).draw(_WARM_UP)
    return replays, question


async def draw(replays: Replays, question: SampleRequest, told: Any) -> None:
    """Put it as often as ordered."""
    sampling = await replays.sampler(question).draw(told["trials"], concurrency=told["concurrency"])
    assert len(sampling.samples) == told["trials"]
    assert not sampling.failure, sampling.failure


async def without_window(told: Any) -> None:
    """How many a second."""
    home = Path(told["folder"])
    session = open_session(home, told["url"])
    try:
        replays, question = await asked(session, told)
        with Cost() as cost:
            await draw(replays, question, told)
        report(cpu_s=cost.cpu_s, wall_s=cost.wall_s, runs=told["trials"])
        await replays.close()
    finally:
        await session.close()


async def in_window(told: Any) -> int:
    """How regularly the window's thread ticks meanwhile."""
    from PySide6.QtWidgets import QApplication

    from benchmark.figure import percentile
    from benchmark.programs.ticks import Ticks
    from workbench.app.project.resources import resources
    from workbench.gui.kit.tasks import Tasks
    from workbench.gui.look.look import Look
    from workbench.gui.window.main_window import MainWindow
    from workbench.gui.window.memory import Memory

    home = Path(told["folder"])
    session = Session(
        write_project(home, told["url"]), folders=user_folders(home), trust_for_now=True, background=BackgroundLoop()
    )
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    tasks = Tasks()
    window = MainWindow(session, Look(app, resources() / "icons"), tasks)
    window.resize(1440, 900)
    window.show()
    Memory(lambda: False, window).settle()
    replays, question = await asked(session, told)
    ticks = Ticks()
    await asyncio.sleep(_IDLE_S)
    idle, _ = ticks.take()
    for _ in range(told["times"]):
        await draw(replays, question, told)
    gaps, work = ticks.take()
    await replays.close()
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    window.close()
    await closed.wait()
    await tasks.close()
    report(
        idle_p99=percentile(idle, 0.99),
        p99=percentile(gaps, 0.99),
        worst=max(gaps),
        work_worst=max(work),
        work_ms=sum(work),
    )
    return 0


if __name__ == "__main__":
    ordered = order()
    if ordered["in_window"]:
        from workbench.gui.window.qt_loop import make_application, run_on_qt_loop

        application = make_application(["benchmark"])
        raise SystemExit(run_on_qt_loop(application, in_window(ordered)))
    asyncio.run(without_window(ordered))
