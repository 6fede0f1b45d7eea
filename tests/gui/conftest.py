"""What the tests of the window share."""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QMainWindow
from qasync import QEventLoop  # type: ignore[import-untyped]

from workbench.app.project.resources import resources
from workbench.gui.look.look import Look

T = TypeVar("T")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform complains about what it cannot do with real windows; that is no fault of ours."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture
def run_on_qt(qapp: QApplication) -> Callable[[Coroutine[Any, Any, T]], T]:
    """Run one coroutine on a qasync loop, to its end."""

    def run(scenario: Coroutine[Any, Any, T]) -> T:
        qapp.setQuitOnLastWindowClosed(False)
        try:
            with asyncio.Runner(loop_factory=lambda: QEventLoop(qapp)) as runner:
                return runner.run(scenario)
        finally:
            # What a failed test leaves open would go on beside the next one.
            for window in qapp.topLevelWidgets():
                if isinstance(window, QMainWindow):
                    window.deleteLater()
            qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            # A loop of Qt's has timers: it must go here, and not in whichever thread collects garbage next.
            gc.collect()

    return run


@pytest.fixture
def look(qapp: QApplication) -> Look:
    """The light appearance at normal size."""
    made = Look(qapp, resources() / "icons")
    made.show("light", 1.0)
    return made
