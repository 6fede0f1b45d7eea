"""The real window: how regularly its thread ticks while a suite runs and its page follows."""

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QApplication

from benchmark.programs.bench_project import user_folders, write_project, write_suite
from benchmark.programs.cost import order
from benchmark.programs.ticks import Ticks, report_ticks
from benchmark.programs.window_frames import close
from workbench.app.models.background_loop import BackgroundLoop
from workbench.app.project.resources import resources
from workbench.app.session import Session
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.suites.suites_feature import SuitesFeature
from workbench.gui.window.main_window import MainWindow
from workbench.gui.window.memory import Memory
from workbench.gui.window.qt_loop import make_application, run_on_qt_loop

_WARM_CASES = 10


async def main(app: QApplication) -> int:
    """A few cases first, then all of them while the page is shown."""
    told = order()
    home = Path(told["folder"])
    project = write_project(home, told["url"])
    write_suite(project, told["cases"])
    session = Session(project, folders=user_folders(home), trust_for_now=True, background=BackgroundLoop())
    tasks = Tasks()
    window = MainWindow(session, Look(app, resources() / "icons"), tasks)
    window.resize(1440, 900)
    window.show()
    Memory(lambda: bool(session.runs.live), window).settle()
    page = window.features.of(SuitesFeature).open("Run")
    await tasks.finish("read suites")
    suites = page.suites
    suites.running.decide(concurrency=told["concurrency"], only=tuple(f"case-{n}" for n in range(_WARM_CASES)))
    await suites.run()
    page.show_part("Run")
    suites.running.decide(only=())
    ticks = Ticks()
    await asyncio.sleep(told["idle_s"])
    idle, _ = ticks.take()
    await suites.run()
    gaps, work = ticks.take()
    assert suites.running.progress is not None
    assert suites.running.progress.right == told["cases"], suites.running.progress
    await close(window, tasks)
    report_ticks(idle, gaps, work)
    return 0


if __name__ == "__main__":
    application = make_application(["benchmark"])
    raise SystemExit(run_on_qt_loop(application, main(application)))
