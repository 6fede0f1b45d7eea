"""A conversation of many turns is opened in the window: what that takes, and what it holds."""

import asyncio
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from benchmark.programs.bench_project import open_session
from benchmark.programs.cost import order, report
from benchmark.programs.grown import record_conversation
from benchmark.programs.ticks import Ticks
from workbench.app.project.resources import resources
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.window.main_window import MainWindow
from workbench.gui.window.memory import Memory
from workbench.gui.window.qt_loop import make_application, run_on_qt_loop

_SETTLE_S = 0.5


def memory_mb() -> float:
    """What this process holds now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


async def main(app: QApplication) -> int:
    """Measure as ordered."""
    told = order()
    session = open_session(Path(told["folder"]), "http://127.0.0.1:9/v1")
    newest = record_conversation(session.store, told["size"])
    disk = sum(path.stat().st_size for path in session.store.folder.glob("runs.sqlite*"))
    tasks = Tasks()
    window = MainWindow(session, Look(app, resources() / "icons"), tasks)
    window.resize(1440, 900)
    window.show()
    Memory(lambda: False, window).settle()
    await window.history.finished()
    ticks = Ticks()
    await asyncio.sleep(_SETTLE_S)
    ticks.take()
    memory, begun, cpu = memory_mb(), time.monotonic(), time.thread_time()
    window.open_run(newest)
    pane = window.pane
    assert pane is not None
    while pane.conversation.is_loading:  # noqa: ASYNC110 — every turn of the loop
        await asyncio.sleep(0)
    window.repaint()
    wall_s, cpu_s = time.monotonic() - begun, time.thread_time() - cpu
    await asyncio.sleep(_SETTLE_S)
    ticks.take()
    grown = memory_mb() - memory
    cpu = time.thread_time()
    window.history.read()
    await window.history.finished()
    refresh_s = time.thread_time() - cpu
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    window.close()
    await closed.wait()
    await tasks.close()
    report(wall_s=wall_s, cpu_s=cpu_s, refresh_s=refresh_s, memory_mb=grown, disk_mb=disk / 1e6)
    return 0


if __name__ == "__main__":
    application = make_application(["benchmark"])
    raise SystemExit(run_on_qt_loop(application, main(application)))
