"""What the tests of the window share."""

from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.qt_loop import (
    closed_windows,
    pytest_asyncio_loop_factories,
    pytest_runtest_teardown,
)
from tests.support.window import light_look
from workbench.gui.look.look import Look

for wait in (QtBot.waitUntil, QtBot.waitSignal):
    assert wait.__kwdefaults__
    wait.__kwdefaults__["timeout"] = 60_000  # five seconds, pytest-qt's own, are too few on a busy machine

__all__ = ["closed_windows", "pytest_asyncio_loop_factories", "pytest_runtest_teardown"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform complains about what it cannot do with real windows; that is no fault of ours."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture
def look(qapp: QApplication) -> Look:
    """The light appearance at normal size."""
    return light_look(qapp)
