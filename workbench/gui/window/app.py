"""The start of the window's program: the frame of the window first, the rest of the program while it is looked at.

No vendor SDK is imported at the start, and before the frame is painted nothing that takes long to import.
"""

import gc
import importlib
import sys
from pathlib import Path

from workbench.app.project.folders import UserFolders
from workbench.app.project.resources import resources
from workbench.gui.frame.window_state import WindowState
from workbench.gui.look.look import Look
from workbench.gui.window.qt_loop import make_application
from workbench.gui.window.shell import Shell

_LATER = ("qasync", "workbench.app.parts", "workbench.app.session", "workbench.gui.conversation.chat_pane")
"""What the program imports while the frame is on the screen, in the order in which it would anyway."""


def run_window(project_path: Path | None) -> int:
    """Open the window on a project, or on nothing; return when it is closed. The exit code."""
    gc.disable()  # for good: from here on only `Memory` collects, on this thread
    app = make_application(sys.argv)
    folders = UserFolders.of_this_user()
    look = Look(app, resources() / "icons")
    state = WindowState(folders.state / "window.ini")
    state.restore_look(look)
    shell = Shell()
    shell.open_on(look, state, project_path.resolve().name if project_path is not None else "")
    for name in _LATER:  # the frame stays alive between them
        importlib.import_module(name)
        app.processEvents()
        if shell.was_closed:
            return 0
    from workbench.gui.window.program import Program  # imports everything else

    return Program(app, look, state, folders, shell).run(project_path)
