"""The window's program: application, event loop, and the order in which things are put away.

No vendor SDK is imported here or by anything this imports at the start.
"""

import asyncio
import gc
import logging
import sys
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop  # type: ignore[import-untyped]

from workbench.app.folders import UserFolders
from workbench.app.new_project import own_sample
from workbench.app.resources import resources
from workbench.app.session import Session
from workbench.core.errors import WorkbenchError
from workbench.gui.look import Look
from workbench.gui.main_window import MainWindow
from workbench.gui.tasks import Tasks
from workbench.gui.trouble_window import TroubleWindow
from workbench.gui.window_state import WindowState

_log = logging.getLogger(__name__)
_SIGNAL_MS = 200
FIRST_SAMPLE = "weather-desk"


def run_window(project_path: Path | None) -> int:
    """Open the window on a project, or on nothing; return when it is closed. The exit code."""
    app = make_application(sys.argv)
    sys.excepthook = _report
    folders = UserFolders.of_this_user()
    try:
        return run_on_qt_loop(app, _main(app, project_path, folders))
    except KeyboardInterrupt:
        return 130


def run_on_qt_loop(app: QApplication, work: Coroutine[Any, Any, int]) -> int:
    """Run one coroutine on Qt's loop until it ends; its result."""
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        return runner.run(work)


def make_application(arguments: list[str]) -> QApplication:
    """The one `QApplication`. Closing a window never quits by itself: the main coroutine decides."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(arguments)
    app.setApplicationName("Tool-Calling Workbench")
    app.setQuitOnLastWindowClosed(False)
    return app


async def _main(app: QApplication, project_path: Path | None, folders: UserFolders) -> int:
    asyncio.get_running_loop().set_exception_handler(_report_from_loop)
    look = Look(app, resources() / "icons")
    state = WindowState(folders.state / "window.ini")
    state.restore_look(look)
    heartbeat = _let_signals_in(app)
    tasks = Tasks()
    folder = project_path
    try:
        while True:
            code, folder = await _one_project(folder, look, tasks, state, folders)
            if folder is None:
                return code
    finally:
        heartbeat.stop()
        await tasks.close()


async def _one_project(
    folder: Path | None, look: Look, tasks: Tasks, state: WindowState, folders: UserFolders
) -> tuple[int, Path | None]:
    """Show one project until its window is closed; the exit code, and the project that is wanted next."""
    closed = asyncio.Event()
    try:
        session = Session(folder or own_sample(FIRST_SAMPLE, folders), folders=folders)
    except WorkbenchError as error:
        trouble = TroubleWindow(error, look)
        trouble.closed.connect(closed.set)
        trouble.show()
        await closed.wait()
        return 2, None
    window = MainWindow(session, look, tasks, state)
    window.closed.connect(closed.set)
    window.show()
    # What is there now stays: a full collection that walks through all of it takes several frames (measured: 80 ms).
    gc.freeze()
    try:
        await closed.wait()
    except asyncio.CancelledError:  # Ctrl+C in the terminal: settle and store everything, as if it had been closed
        window.close()
        await closed.wait()
        raise
    window.deleteLater()
    return 0, window.switch.next_folder


def _let_signals_in(app: QApplication) -> QTimer:
    """Python hears Ctrl+C only while it runs; Qt's loop alone may not let it for seconds."""
    timer = QTimer(app)
    timer.timeout.connect(lambda: None)
    timer.start(_SIGNAL_MS)
    return timer


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Unforeseen failures: where, but never the values of variables, which may hold keys."""
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.error("Unforeseen failure in the window", exc_info=(kind, error, trace))


def _report_from_loop(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    error = context.get("exception")
    if isinstance(error, BaseException):
        _report(type(error), error, error.__traceback__)
    else:
        _log.error("%s", context.get("message", "Unforeseen failure in the event loop"))
