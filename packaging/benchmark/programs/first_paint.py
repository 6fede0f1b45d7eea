"""From the start of the process to the first painted window: ours, or a bare one."""

import os
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from benchmark.programs.cost import cpu_s, order, report

_SDKS = ("openai", "anthropic", "mcp", "numpy", "scipy", "pyqtgraph")


def watch(kind: type[QMainWindow], begun: float) -> None:
    """Report, and end the program, when the first window of this kind and all in it have been painted."""
    painted = kind.paintEvent

    def paint(window: Any, event: Any) -> None:
        painted(window, event)
        kind.paintEvent = painted  # type: ignore[method-assign]
        QTimer.singleShot(0, lambda: _tell(begun))

    kind.paintEvent = paint  # type: ignore[method-assign]


def _tell(begun: float) -> None:
    loaded = [name for name in _SDKS if name in sys.modules]
    report(wall_s=time.monotonic() - begun, cpu_s=cpu_s(), loaded=loaded)
    sys.stdout.flush()
    os._exit(0)  # putting everything away is not what is measured


def bare(begun: float) -> None:
    """A window without anything in it."""

    class Bare(QMainWindow):
        """Its paint event can be replaced."""

    app = QApplication(["benchmark"])
    watch(Bare, begun)
    window = Bare()
    window.resize(1440, 900)
    window.show()
    app.exec()


def ours(begun: float, home: Path) -> None:
    """The workbench's own start, on a project."""
    from benchmark.programs.bench_project import write_project

    project = write_project(home, "http://127.0.0.1:9/v1")
    from workbench.gui.app import run_window
    from workbench.gui.main_window import MainWindow

    watch(MainWindow, begun)
    run_window(project)


if __name__ == "__main__":
    told = order()
    if told["bare"]:
        bare(told["begun"])
    else:
        ours(told["begun"], Path(told["folder"]))
