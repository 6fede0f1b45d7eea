"""A hand on the real program: it moves the mouse and presses keys of the X server, and counts what that took.

It lives in the program's own process, so that it knows where things are and when they have happened.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QScrollArea, QWidget

from workbench.gui.restore.restore_feature import RestoreFeature
from workbench.gui.window.main_window import MainWindow

ROOM_S = 240.0
_KEY_MS = "12"
W = TypeVar("W", bound=QWidget)


class Hand:
    """`keys` are key presses that act, `letters` those of typed text."""

    def __init__(self) -> None:
        self.clicks = self.keys = self.letters = 0

    @property
    def window(self) -> MainWindow:
        """The window of the open project."""
        return self.find(MainWindow)

    def find(self, kind: type[W]) -> W:
        """The visible top-level widget of a kind; raises `LookupError`."""
        found = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]
        if not found:
            raise LookupError(kind.__name__)
        return found[-1]

    def is_there(self, kind: type[QWidget]) -> bool:
        """Whether there is one."""
        return any(isinstance(one, kind) and one.isVisible() for one in QApplication.topLevelWidgets())

    def page(self, kind: type[W]) -> W:
        """The open page, which has to be of this kind."""
        page = self.window.documents.currentWidget()
        assert isinstance(page, kind), page
        return page

    async def opened(self, kind: type[W]) -> W:
        """The page of this kind, once it is open."""
        await self.until(lambda: isinstance(self.window.documents.currentWidget(), kind))
        return self.page(kind)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until it holds."""
        async with asyncio.timeout(ROOM_S):
            while not condition():  # noqa: ASYNC110 — conditions about widgets have no event to wait for
                await asyncio.sleep(0.02)

    async def begin(self) -> None:
        """Wait for the window, and give it the keyboard: there is no window manager to do it."""
        await self.until(lambda: self.is_there(MainWindow))
        await self.until(lambda: self.window.features.of(RestoreFeature).is_done)
        await self.focus(self.window)

    async def focus(self, top: QWidget) -> None:
        """Give the keyboard to a top-level window."""
        await self._x("windowfocus", "--sync", str(int(top.winId())))
        await self.until(top.isActiveWindow)

    async def press(self, *keys: str) -> None:
        """Press key combinations such as `ctrl+Return`, one after the other."""
        self.keys += len(keys)
        for key in keys:
            await self._x("key", "--clearmodifiers", key)

    async def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self.letters += len(text)
        await self._x("type", "--delay", _KEY_MS, "--", text)

    async def click(self, widget: QWidget, at: QPoint | None = None, *, button: int = 1) -> None:
        """Scroll to a widget, and press a mouse button on it, the left one if none is named."""
        await self.until(lambda: widget.isVisible() and widget.isEnabled())
        above = widget.parentWidget()
        while above is not None:
            if isinstance(above, QScrollArea):
                above.ensureWidgetVisible(widget)
            above = above.parentWidget()
        await asyncio.sleep(0.1)
        await self._click(widget.mapToGlobal(at or widget.rect().center()), button)

    async def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        """Take something with the left button and put it elsewhere, a step at a time as a hand does."""
        places = [widget.mapToGlobal(start + (end - start) * part / 4) for part in range(5)]
        await self._x("mousemove", "--sync", *_words(places[0]), "mousedown", "1")
        for place in places[1:]:
            await self._x("mousemove", "--sync", *_words(place))
        await self._x("mouseup", "1")
        self.clicks += 1

    async def choose_in_menu(self, words: str) -> None:
        """Click an entry of the menu that is open."""
        await self.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        act = next(act for act in menu.actions() if act.text() == words)
        await self._click(menu.mapToGlobal(menu.actionGeometry(act).center()))

    async def choose(self, box: QComboBox, data: object) -> None:
        """Open a drop-down list and choose from it."""
        await self.click(box)
        await self.until(box.view().isVisible)
        await asyncio.sleep(0.2)
        view, index = box.view(), box.model().index(box.findData(data), 0)
        await self._click(view.viewport().mapToGlobal(view.visualRect(index).center()))

    async def _click(self, point: QPoint, button: int = 1) -> None:
        self.clicks += 1
        await self._x("mousemove", "--sync", *_words(point), "click", str(button))

    async def _x(self, *arguments: str) -> None:
        running = await asyncio.create_subprocess_exec("xdotool", *arguments)
        assert await running.wait() == 0, arguments
        await asyncio.sleep(0.08)


def _words(point: QPoint) -> tuple[str, str]:
    return str(point.x()), str(point.y())
