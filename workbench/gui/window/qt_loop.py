"""The one Qt application, and asyncio on its loop. Loaded at every start before anything is on the screen."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from qasync import QEventLoop  # type: ignore[import-untyped]

_SWITCH_S = 0.001
"""How long another thread may run while the window's thread waits: Python's own 5 ms are a third of a frame."""


def run_on_qt_loop(app: QApplication, work: Coroutine[Any, Any, int]) -> int:
    """Run one coroutine on Qt's loop until it ends; return its result."""
    import asyncio
    import sys

    sys.setswitchinterval(_SWITCH_S)
    with asyncio.Runner(loop_factory=lambda: make_loop(app)) as runner:
        return runner.run(work)


def make_loop(app: QApplication) -> "QEventLoop":
    """A loop that runs Qt's events and asyncio's tasks.

    Work for other threads goes to `WorkerThreads`, which start when there is work. The plain loop would start ten
    Qt threads at once and run Python in them.
    """
    from qasync import QEventLoop

    from workbench.gui.window.worker_threads import WorkerThreads

    loop = QEventLoop(app)
    loop.set_default_executor(WorkerThreads(loop))
    return loop


def make_application(arguments: list[str]) -> QApplication:
    """The one `QApplication`. Closing a window never quits the program: the main coroutine decides."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(arguments)
    app.setApplicationName("Tool-Calling Workbench")
    app.setQuitOnLastWindowClosed(False)
    return app
