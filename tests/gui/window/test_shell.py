"""The frame that is on the screen before the rest of the program is loaded, and becomes the main window."""

import asyncio
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.projects import make_project
from tests.support.window import until
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.gui.frame.window_state import WindowState
from workbench.gui.inspector.inspector_feature import InspectorFeature
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.gui.window.main_window import MainWindow
from workbench.gui.window.program import Program
from workbench.gui.window.shell import Shell


def test_little_is_loaded_before_the_frame() -> None:
    order = "import sys, workbench.gui.window.app; print([name for name in {!r} if name in sys.modules])"
    late = ("asyncio", "qasync", "pydantic", "jsonschema", "sqlite3", "workbench.app.session", "workbench.core.event")
    result = subprocess.run([sys.executable, "-c", order.format(late)], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout.strip()) == (0, "[]"), result.stderr


async def test_the_frame_becomes_the_main_window_itself(
    qapp: QApplication,
    look: Look,
    tmp_path: Path,
) -> None:
    folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
    state = WindowState(folders.state / "w.ini")
    shell = Shell()
    shell.open_on(look, state, "project")
    assert shell.isVisible()
    assert shell.windowTitle() == "Tool-Calling Workbench"
    program = Program(qapp, look, state, folders, shell)

    showing = asyncio.create_task(program._one_project(make_project(tmp_path / "project")))
    await until(lambda: isinstance(shell, MainWindow))
    assert [widget for widget in qapp.topLevelWidgets() if isinstance(widget, Shell)] == [shell]
    assert shell.windowTitle() == "Marks — Tool-Calling Workbench"
    assert shell.updatesEnabled()
    shell.close()  # the main window's own handler: it puts everything away first
    assert shell.isVisible()
    assert await showing == (0, None)
    await program._tasks.close()


def test_a_frame_that_was_closed_stays_closed(look: Look, tmp_path: Path) -> None:
    shell = Shell()
    shell.open_on(look, WindowState(tmp_path / "w.ini"), "")
    shell.close()
    assert shell.was_closed
    assert not shell.isVisible()


async def test_the_frame_shows_the_panes_where_they_were(
    qtbot: QtBot,
    look: Look,
    tmp_path: Path,
) -> None:
    folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
    state = WindowState(folders.state / "w.ini")

    tasks = Tasks()
    window = MainWindow(Session(make_project(tmp_path / "project"), folders=folders), look, tasks, state)
    window.show()
    window.features.of(InspectorFeature).dock.hide()
    while window.features.of(TraceFeature).dock.height() < window.documents.height() - 10:  # noqa: ASYNC110 — until it is laid out
        await asyncio.sleep(0.01)
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    window.close()
    await closed.wait()
    await tasks.close()
    kept = dict(WindowState(folders.state / "w.ini").panes)
    assert sorted(kept) == ["Explorer", "Trace"]
    assert kept["Explorer"].left() == 0
    assert kept["Trace"].right() > 0.95
    assert kept["Trace"].height() > 0.9
