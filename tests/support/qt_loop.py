"""Async tests on Qt's own event loop: their windows are always closed, and nothing of them is left to the next test.

The `conftest.py` of a folder that shows windows imports all of it.
"""

import gc
import inspect
from asyncio import AbstractEventLoop
from collections.abc import Awaitable, Callable, Generator
from functools import wraps

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QMainWindow
from qasync import QEventLoop  # type: ignore[import-untyped]

from tests.support.window import OpenWindow
from workbench.gui.window.qt_loop import make_loop


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], AbstractEventLoop]]:
    """The only kind of loop that the async tests of a folder run on."""
    return {"qt": qt_loop}


def qt_loop() -> QEventLoop:
    """A loop that runs Qt's events and the test's tasks; it does not end when the last window closes."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    return make_loop(app)


@pytest.fixture(autouse=True)
def closed_windows(request: pytest.FixtureRequest, qapp: QApplication) -> None:
    """At the end of an async test, also when it fails, its windows are closed as a person would.

    As part of the test: between a test and its fixtures pytest-qt lets Qt go on while no event loop of asyncio runs.
    """
    gc.disable()  # as in the program: no other thread may collect what belongs to Qt
    test = getattr(request.node, "obj", None)
    if inspect.iscoroutinefunction(test):
        request.node.obj = closing_windows(test)


def closing_windows(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """`test`, and then the windows that are still open are closed."""

    @wraps(test)
    async def with_closing(*arguments: object, **named: object) -> None:
        try:
            await test(*arguments, **named)
        finally:
            try:
                for window in reversed(OpenWindow.still_open):
                    await window.close()
            finally:
                OpenWindow.still_open.clear()

    return with_closing


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Delete what a test left: a window would go on beside the next test, and widgets and timers must be deleted in
    this thread and not in whichever one collects garbage next. What is left then stays for good, so it is frozen, and
    the next collection has little to look through."""
    try:
        yield
    finally:
        if inspect.iscoroutinefunction(getattr(item, "obj", None)):
            for widget in QApplication.topLevelWidgets():
                if isinstance(widget, QMainWindow):
                    widget.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        gc.freeze()
        gc.enable()
