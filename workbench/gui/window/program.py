"""The window's main coroutine: one project after the other, and the order in which things are put away."""

import asyncio
import logging
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from workbench.app.models.background_loop import BackgroundLoop
from workbench.app.project.folders import UserFolders
from workbench.app.project.recent_projects import RecentProjects
from workbench.app.session import Session
from workbench.core.errors import WorkbenchError
from workbench.core.project_folder import PROJECT_FILE
from workbench.gui.frame.window_state import WindowState
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.window.error_window import ErrorWindow
from workbench.gui.window.main_window import MainWindow
from workbench.gui.window.memory import Memory
from workbench.gui.window.qt_loop import run_on_qt_loop
from workbench.gui.window.shell import Shell

_log = logging.getLogger(__name__)
_SIGNAL_MS = 200
FIRST_SAMPLE = "weather-desk"


class Program:
    """What all windows of one start share. `shell`, if any, is on the screen already and becomes the first of them."""

    def __init__(
        self, app: QApplication, look: Look, state: WindowState, folders: UserFolders, shell: Shell | None = None
    ) -> None:
        self._app = app
        self._look = look
        self._state = state
        self._folders = folders
        self._shell = shell
        self._tasks = Tasks()

    def run(self, project: Path | None) -> int:
        """Show the project, and whatever is opened after it, until a window is closed for good. The exit code."""
        sys.excepthook = _report
        try:
            return run_on_qt_loop(self._app, self._main(project))
        except KeyboardInterrupt:
            return 130

    async def _main(self, folder: Path | None) -> int:
        asyncio.get_running_loop().set_exception_handler(_report_from_loop)
        heartbeat = _let_signals_in(self._app)
        try:
            while True:
                code, folder = await self._one_project(folder)
                if folder is None:
                    return code
        finally:
            heartbeat.stop()
            await self._tasks.close()

    async def _one_project(self, folder: Path | None) -> tuple[int, Path | None]:
        """Show one project until its window is closed; the exit code, and the project that is wanted next."""
        closed = asyncio.Event()
        shell, self._shell = self._shell or self._shown_shell(folder), None
        try:
            session = await asyncio.to_thread(self._open, folder)
        except WorkbenchError as error:
            shell.deleteLater()
            return await self._tell(error, folder)
        if shell.was_closed:
            await session.close()
            return 0, None
        window = self._furnished(shell, session)
        window.closed.connect(closed.set)
        window.show()
        memory = Memory(lambda: bool(session.runs.live), window)
        window.documents.tab_closing.connect(memory.note_closed_tab)
        memory.settle()
        try:
            await closed.wait()
        except asyncio.CancelledError:  # Ctrl+C in the terminal: settle and store everything, as if it had been closed
            window.close()
            await closed.wait()
            raise
        window.deleteLater()
        return 0, window.switch.next_folder

    async def _tell(self, error: WorkbenchError, folder: Path | None) -> tuple[int, Path | None]:
        """Say why a project cannot be opened; a folder that is none can become one, and is opened then."""
        closed = asyncio.Event()
        made: list[Path] = []
        trouble = ErrorWindow(error, self._look, can_create=folder is not None and _is_plain(folder))

        def take(created: Path) -> None:
            made.append(created)
            trouble.close()

        def ask() -> None:
            from workbench.gui.project.new_project_dialog import NewProjectDialog
            from workbench.viewmodels.project.new_project_form import NewProjectForm

            assert folder is not None
            form = NewProjectForm(folder.parent, folder.resolve())
            NewProjectDialog(form, self._look, self._tasks, trouble, take).open()

        trouble.create_asked.connect(ask)
        trouble.closed.connect(closed.set)
        trouble.show()
        await closed.wait()
        return (0, made[0]) if made else (2, None)

    def _shown_shell(self, folder: Path | None) -> Shell:
        shell = Shell()
        shell.show_on(self._look, self._state, folder.resolve().name if folder is not None else "")
        return shell

    def _open(self, folder: Path | None) -> Session:
        """The project, read in a thread; of none, the one that was open last. The sample is opened the first time, and
        when that one cannot be opened anymore."""
        if folder is not None:
            session = Session(folder, folders=self._folders, background=BackgroundLoop())
            _ = session.key_map, session.trust_seen  # the window shows at once what it finds read
            session.variants.read_ahead()
            return session
        last = RecentProjects(self._folders).last()
        if last is not None:
            try:
                return self._open(last)
            except WorkbenchError as error:
                _log.info("Cannot open the last project: %s", error)
        from workbench.app.project.new_project import own_sample

        return self._open(own_sample(FIRST_SAMPLE, self._folders))

    def _furnished(self, shell: Shell, session: Session) -> MainWindow:
        window = shell.become(MainWindow)
        window.setUpdatesEnabled(False)
        window.furnish(session, self._look, self._tasks, self._state)
        window.setUpdatesEnabled(True)
        window.warm()  # a window that is not shown yet begins with it by itself
        return window


def _is_plain(folder: Path) -> bool:
    return folder.is_dir() and not (folder / PROJECT_FILE).exists()


def _let_signals_in(app: QApplication) -> QTimer:
    """Python notices Ctrl+C only while it runs; Qt's loop alone may keep it from running for seconds."""
    timer = QTimer(app)
    timer.timeout.connect(lambda: None)
    timer.start(_SIGNAL_MS)
    return timer


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Unforeseen failures: where, but never the values of variables, which may hold keys."""
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.error("Unexpected error in the window", exc_info=(kind, error, trace))


def _report_from_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    error = context.get("exception")
    if isinstance(error, BaseException):
        _report(type(error), error, error.__traceback__)
    else:
        _log.error("%s", context.get("message", "Unexpected error in the event loop"))
