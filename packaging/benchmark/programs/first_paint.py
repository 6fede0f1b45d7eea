"""From the start of the process to the first painted window, and until a letter arrives in the message: ours, or a
bare window. Nothing of ours is imported before the program itself does it."""

import os
import sys
import time
from typing import Any

from benchmark.programs.cost import cpu_s, order, report

_SDKS = ("openai", "anthropic", "mcp", "numpy", "scipy", "pyqtgraph")


class Watch:
    """Looks at the windows of this process."""

    def __init__(self, begun: float) -> None:
        self._begun = begun
        self._painted: dict[str, Any] = {}

    def painted(self, *, is_all: bool) -> None:
        """The window has been painted, and all in it; this is the end, or somebody wants to type."""
        from PySide6.QtCore import QTimer

        loaded = [name for name in _SDKS if name in sys.modules]
        self._painted = {"cpu_s": cpu_s(), "wall_s": time.monotonic() - self._begun, "loaded": loaded}
        if is_all:
            self._end()
        self._typing = QTimer()
        self._typing.timeout.connect(self._type)
        self._typing.start(1)

    def _type(self) -> None:
        """A person who types as soon as there is a message to type into."""
        from PySide6.QtCore import QEvent, Qt
        from PySide6.QtGui import QKeyEvent
        from PySide6.QtWidgets import QApplication, QPlainTextEdit

        focus = QApplication.focusWidget()
        if not isinstance(focus, QPlainTextEdit) or not focus.isVisible() or not focus.window().updatesEnabled():
            return
        self._typing.stop()
        before = focus.toPlainText()
        QApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_X, Qt.KeyboardModifier(0), "x"))
        assert focus.toPlainText() != before
        focus.repaint()
        self._painted["usable_cpu_s"] = cpu_s()
        self._painted["usable_wall_s"] = time.monotonic() - self._begun
        self._end()

    def _end(self) -> None:
        report(**self._painted)
        sys.stdout.flush()
        os._exit(0)  # putting everything away is not what is measured


def bare(watch: Watch) -> None:
    """A window without anything in it."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Bare(QMainWindow):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 — Qt's name
            super().paintEvent(event)
            QTimer.singleShot(0, lambda: watch.painted(is_all=True))

    app = QApplication(["benchmark"])
    window = Bare()
    window.resize(1440, 900)
    window.show()
    app.exec()


def ours(watch: Watch, project: str) -> None:
    """The workbench's own start, on a project, as a person starts it."""
    from workbench import __main__ as program

    opened = program._open_window  # noqa: SLF001 — the moment before anything of Qt's is loaded

    def open_window(folder: Any) -> int:
        from workbench.gui.window.shell import Shell

        show = Shell.open_on

        def shown(shell: Shell, *given: Any) -> None:
            show(shell, *given)  # returns when it has been painted
            watch.painted(is_all=False)

        Shell.open_on = shown  # type: ignore[method-assign, assignment]
        return opened(folder)

    program._open_window = open_window  # type: ignore[assignment]  # noqa: SLF001
    sys.argv = ["workbench", project]
    sys.exit(program.main())


if __name__ == "__main__":
    told = order()
    if told["bare"]:
        bare(Watch(told["begun"]))
    else:
        os.environ["WORKBENCH_HOME"] = told["folder"]
        ours(Watch(told["begun"]), told["project"])
