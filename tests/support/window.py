"""The real window on a small project, for tests that press its keys."""

import asyncio
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol

from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QLineEdit, QWidget

from workbench.app.project.folders import UserFolders
from workbench.app.project.resources import resources
from workbench.app.session import Session
from workbench.core.event import RunFinished, ToolCallSettled
from workbench.gui.conversation.call_card import CallCard
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.window_state import WindowState
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.window.main_window import MainWindow

PATIENCE_S = 30.0
"""For a loaded machine; nothing in a test is measured by it."""


async def until(condition: Callable[[], object]) -> None:
    """Wait until it holds; fail when it does not come to hold at all."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 — conditions about widgets have no event to wait for
            await asyncio.sleep(0.005)


def light_look(app: QApplication) -> Look:
    """The light appearance at normal size. As in the program there is one look, which draws each icon once."""
    look = _look(app)
    if (look.appearance, look.zoom) != ("light", 1.0):
        look.show("light", 1.0)
    return look


@cache
def _look(app: QApplication) -> Look:
    return Look(app, resources() / "icons")


class Closing(Protocol):
    """What has to be put away."""

    async def close(self) -> None: ...


class OpenWindow:
    """A window, its session, and what tests often ask about. Tests of the window close it at their end."""

    still_open: ClassVar[list["Closing"]] = []

    def __init__(
        self,
        folder: Path,
        home: Path,
        app: QApplication,
        *,
        is_trusted: bool = True,
        state: WindowState | None = None,
    ) -> None:
        folders = UserFolders(home / "state", home / "config", home / "data")
        self.session = Session(folder, folders=folders, trust_for_now=is_trusted)
        self.look = light_look(app)
        self.tasks = Tasks()
        self.window = MainWindow(self.session, self.look, self.tasks, state)
        self._closed = asyncio.Event()
        self.window.closed.connect(self._closed.set)
        OpenWindow.still_open.append(self)
        self.window.show()
        self.window.activateWindow()

    @property
    def pane(self) -> ChatPane:
        pane = self.window.pane
        assert pane is not None
        return pane

    @property
    def cards(self) -> list[CallCard]:
        return self.pane.chat.findChildren(CallCard)

    @property
    def settled(self) -> list[ToolCallSettled]:
        run_id = self.pane.conversation.last_run
        assert run_id is not None
        return [e for e in self.pane.conversation.events_of(run_id) if isinstance(e, ToolCallSettled)]

    @property
    def finished(self) -> RunFinished:
        run_id = self.pane.conversation.last_run
        assert run_id is not None
        return next(e for e in self.pane.conversation.events_of(run_id) if isinstance(e, RunFinished))

    def send(self, text: str = "Go.") -> None:
        """Write a message and run it."""
        self.pane.composer.editor.setPlainText(text)
        self.window.run()

    async def asked(self) -> CallCard:
        """The first call card that holds a question, once it is shown: a moment after it is put into its layout."""
        await until(lambda: any(card.approval and card.approval.isVisible() for card in self.cards))
        return next(card for card in self.cards if card.approval)

    async def idle(self) -> None:
        """Until the conversation's run is over and shown."""
        await until(lambda: not self.pane.conversation.is_running)

    async def close(self) -> None:
        """Close as a person would, and wait until everything is put away. Closing again does nothing."""
        if not self._closed.is_set():
            self.window.close()
            async with asyncio.timeout(PATIENCE_S):
                await self._closed.wait()
        await self.tasks.close()
        if self in OpenWindow.still_open:
            OpenWindow.still_open.remove(self)
            self.window.deleteLater()


def lay_out() -> None:
    """Let every layout settle without running an event loop inside the test's."""
    for _ in range(4):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def places(root: QWidget) -> dict[QWidget, QRect]:
    """Where the visible controls of a page are: what may be under the pointer."""
    return {
        widget: QRect(widget.mapTo(root, QPoint()), widget.size())
        for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView)
        for widget in root.findChildren(kind)
        if widget.isVisibleTo(root) and not widget.objectName().startswith("qt_")
    }


def moved(before: dict[QWidget, QRect], after: dict[QWidget, QRect]) -> list[str]:
    """The controls that were there and are there, but elsewhere or of another size."""
    return [
        f"{widget.accessibleName() or type(widget).__name__}: {rect.getRect()} → {after[widget].getRect()}"
        for widget, rect in before.items()
        if widget in after and after[widget] != rect
    ]


def nameless(root: QWidget) -> list[str]:
    """Controls a screen reader could not name, as readable paths. What a combo box or a spin box is made of goes by
    its name."""
    from PySide6.QtWidgets import (
        QAbstractSlider,
        QAbstractSpinBox,
        QPlainTextEdit,
        QScrollBar,
        QTabBar,
        QTextEdit,
    )

    boxes = (QComboBox, QAbstractSpinBox)
    kinds = (
        *boxes, QAbstractButton, QAbstractItemView, QAbstractSlider, QLineEdit, QPlainTextEdit, QTabBar, QTextEdit
    )  # fmt: skip
    found = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, kinds) or widget.objectName().startswith("qt_") or widget.accessibleName():
            continue
        if isinstance(widget, QScrollBar) or (isinstance(widget, QAbstractButton) and widget.text()):
            continue
        around = widget.parentWidget()
        while around is not None and not isinstance(around, boxes):
            around = around.parentWidget()
        if around is None:
            found.append(f"{type(widget.parentWidget()).__name__}/{type(widget).__name__}")
    return found
