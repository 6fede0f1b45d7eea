"""The appearance and the zoom of the real window are changed: what that takes of its thread."""

import asyncio
import statistics
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from benchmark.programs.bench_project import open_session
from benchmark.programs.cost import order, report
from benchmark.programs.window_frames import close, finished, send
from workbench.app.project.resources import resources
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Appearance, Look
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.window.main_window import MainWindow
from workbench.gui.window.memory import Memory
from workbench.gui.window.qt_loop import make_application, run_on_qt_loop

_SETTLE_S = 0.5
_PAGE_S = 0.2
_APPEARANCES: tuple[Appearance, ...] = ("dark", "light")
_ZOOMS = (1.1, 1.0)


async def main(app: QApplication) -> int:
    """A conversation with a run and a tool's page; if ordered, every other page as well, each in its tab."""
    told = order()
    session = open_session(Path(told["folder"]), told["url"])
    look, tasks = Look(app, resources() / "icons"), Tasks()
    look.show("light")
    window = MainWindow(session, look, tasks)
    window.resize(1440, 900)
    window.show()
    Memory(lambda: bool(session.runs.live), window).settle()
    await finished([send(window)])
    window.features.of(SchemaEditorFeature).open_tool("get_weather")
    if told["has_every_page"]:
        for command in window.commands.commands:
            if command.opens_page:
                window.commands[command.name].trigger()
                await asyncio.sleep(_PAGE_S)
    window.documents.setCurrentIndex(0)  # the conversation with the run, in front of the tool's page

    async def changed(appearance: Appearance, zoom: float) -> float:
        await asyncio.sleep(_SETTLE_S)
        cpu = time.thread_time()
        look.show_soon(appearance, zoom)
        await asyncio.sleep(_SETTLE_S)
        return time.thread_time() - cpu

    for appearance in _APPEARANCES:  # icons are drawn once for each
        await changed(appearance, 1.0)
    appearances = [await changed(appearance, 1.0) for appearance in _APPEARANCES * told["times"]]
    zooms = [await changed("light", zoom) for zoom in _ZOOMS * told["times"]]
    cpu = time.thread_time()
    window.documents.setCurrentIndex(1)
    await asyncio.sleep(_SETTLE_S)
    tool_s = time.thread_time() - cpu
    tabs = window.documents.count()
    await close(window, tasks)
    report(
        appearance_s=statistics.median(appearances),
        zoom_s=statistics.median(zooms),
        tool_s=tool_s,
        tabs=tabs,
        widgets=len(app.allWidgets()),
    )
    return 0


if __name__ == "__main__":
    application = make_application(["benchmark"])
    raise SystemExit(run_on_qt_loop(application, main(application)))
