"""Many tabs, many approvals, many runs in one window: what each of them takes of its thread."""

import asyncio
import time
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from benchmark.programs.bench_project import user_folders, write_project
from benchmark.programs.cost import order, report
from benchmark.programs.grown_chat import memory_mb
from benchmark.programs.ticks import Ticks
from benchmark.programs.window_frames import finished, send
from workbench.app.models.background_loop import BackgroundLoop
from workbench.app.project.resources import resources
from workbench.app.session import Session
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.window.main_window import MainWindow
from workbench.gui.window.memory import Memory
from workbench.gui.window.qt_loop import make_application, run_on_qt_loop

_SETTLE_S = 0.5
_WARM_TABS = 10
_LOOK_EVERY_S = 0.016


async def main(app: QApplication) -> int:
    """Measure as ordered: `tabs`, `conversations`, `approvals` or `starts`, so many of them."""
    told = order()
    home = Path(told["folder"])
    project = write_project(home, told["url"], action="ask" if told["what"] == "approvals" else "allow")
    session = Session(project, folders=user_folders(home), trust_for_now=True, background=BackgroundLoop())
    tasks = Tasks()
    window = MainWindow(session, Look(app, resources() / "icons"), tasks)
    window.resize(1440, 900)
    window.show()
    memory = Memory(lambda: bool(session.runs.live), window)
    window.documents.tab_closing.connect(memory.note_closed_tab)
    memory.settle()
    await asyncio.sleep(_SETTLE_S)
    match told["what"]:
        case "tabs":
            measured = await _tabs(window, told["size"], told["calm_s"])
        case "conversations":
            measured = await _conversations(window, told["size"], told["calm_s"])
        case "approvals":
            measured = await _approvals(window, told["size"])
        case _:
            measured = await _starts(window, told["size"])
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    window.close()
    await closed.wait()
    await tasks.close()
    report(**measured)
    return 0


async def _tabs(window: MainWindow, count: int, calm_s: float) -> dict[str, Any]:
    """Open and close so many conversations, one after the other. After `calm_s` without a closed tab, `Memory` gives
    back what they held."""
    await _open_and_close(window, min(count, _WARM_TABS))
    await asyncio.sleep(calm_s)
    before, cpu = memory_mb(), time.thread_time()
    await _open_and_close(window, count)
    cpu_s = time.thread_time() - cpu
    await asyncio.sleep(calm_s)
    return {"each_s": cpu_s / count, "grown_mb": memory_mb() - before}


async def _open_and_close(window: MainWindow, count: int) -> None:
    for _ in range(count):
        window.new_conversation()
        await asyncio.sleep(0)
        window.documents.close_tab(window.documents.count() - 1)
        await asyncio.sleep(0)


async def _conversations(window: MainWindow, count: int, calm_s: float) -> dict[str, Any]:
    """Open so many conversations, let each run once, and close them."""
    await finished([send(window)])  # loads the SDK
    await asyncio.sleep(calm_s)
    before = memory_mb()
    for _ in range(count):
        await finished([send(window)])
    open_mb = memory_mb() - before
    for _ in range(count):
        window.documents.close_tab(window.documents.count() - 1)
        await asyncio.sleep(0)
    await asyncio.sleep(calm_s)
    return {"before_mb": before, "open_mb": open_mb, "after_mb": memory_mb()}


async def _approvals(window: MainWindow, count: int) -> dict[str, Any]:
    """One round of so many calls, each of which asks; then all are approved together."""
    ticks, cpu = Ticks(), time.thread_time()
    _send(window)
    while len(window.approvals.cards) < count:  # noqa: ASYNC110 — as seldom as may be
        await asyncio.sleep(_LOOK_EVERY_S)
    shown_s = time.thread_time() - cpu
    cpu = time.thread_time()
    window.approvals.ask_together("approve")
    window.approvals.confirm()
    await _finished(window)
    _, work = ticks.take()
    return {"shown_s": shown_s / count, "decided_s": (time.thread_time() - cpu) / count, "busiest_s": max(work) / 1000}


async def _starts(window: MainWindow, count: int) -> dict[str, Any]:
    """So many runs started in one moment, as an experiment does."""
    _send(window)
    await _finished(window)
    ticks = Ticks()
    await asyncio.sleep(_SETTLE_S)
    ticks.take()
    cpu = time.thread_time()
    for _ in range(count):
        window.session.runs.start("Go.")
    await _finished(window)
    gaps, work = ticks.take()
    return {"each_s": (time.thread_time() - cpu) / count, "busiest_s": max(work) / 1000, "gap_s": max(gaps) / 1000}


def _send(window: MainWindow) -> None:
    pane = window.pane
    assert pane is not None
    pane.composer.editor.setPlainText("Go.")
    window.run()


async def _finished(window: MainWindow) -> None:
    while window.session.runs.live:  # noqa: ASYNC110 — as seldom as may be
        await asyncio.sleep(_LOOK_EVERY_S)


if __name__ == "__main__":
    application = make_application(["benchmark"])
    raise SystemExit(run_on_qt_loop(application, main(application)))
