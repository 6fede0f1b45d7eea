"""The docks around the middle, including those for the conversation in the open tab."""

from collections.abc import Callable
from typing import Generic, Literal, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.dock import Dock
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look

DockSide = Literal["left", "right"]
_AREAS = {"left": Qt.DockWidgetArea.LeftDockWidgetArea, "right": Qt.DockWidgetArea.RightDockWidgetArea}
_SHARES: dict[DockSide, float] = {"left": 0.18, "right": 0.36}
"""Of the window's width, by default."""
_MOST = 0.58
"""Of the window's width, for both sides together when it becomes smaller."""

V = TypeVar("V", bound=QWidget)


class Panes(QObject):
    """The docks, in the order in which they were added.

    Qt shrinks docks with the window, but does not restore them when it grows. So the width that each side should have
    is kept here: the default, or the width the person has dragged it to.
    """

    def __init__(self, window: QMainWindow, look: Look) -> None:
        super().__init__(window)
        self._window = window
        self._docks: list[tuple[Dock, DockSide, bool]] = []
        self._wanted: dict[Qt.DockWidgetArea, int] = {}
        self._settled = 0
        """The window's width that the docks have followed."""
        self._share = 1.0
        """The share of its width that each side has while the window is too small for both."""
        self._dragged: Qt.DockWidgetArea | None = None
        """The side whose edge is being dragged; it may push the other one."""
        self._follow = delay(self, 0, self._follow_window)
        window.installEventFilter(self)
        look.follow(self, self._follow.start)

    def add(self, dock: Dock, side: DockSide, *, is_shown: bool = True) -> None:
        """Add a dock below those of its side; `is_shown` says whether it is open by default."""
        self._docks.append((dock, side, is_shown))
        dock.widened.connect(lambda: self._note_drag(dock))
        self._place(dock, side, is_shown=is_shown)

    def toggle(self, *docks: Dock) -> None:
        """Hide these docks if one of them is shown, else show them all."""
        is_shown = any(dock.isVisible() for dock in docks)
        for dock in docks:
            dock.setVisible(not is_shown)

    def reset(self) -> None:
        """Restore the default layout of the docks."""
        for dock, side, is_shown in self._docks:
            self._place(dock, side, is_shown=is_shown)
        self.size()

    def size(self) -> None:
        """Give the docks their default sizes."""
        width, height = self._window.width(), self._window.height()
        columns: dict[DockSide, list[Dock]] = {
            side: [dock for dock, its_side, is_shown in self._docks if its_side == side and is_shown]
            for side in _SHARES
        }
        first = {side: docks[0] for side, docks in columns.items() if docks}
        self._wanted = {_AREAS[side]: round(width * _SHARES[side]) for side in first}
        self._settled, self._share = width, 1.0
        # In one call: a second call would take back what the first one gave.
        self._window.resizeDocks(
            list(first.values()), [self._wanted[_AREAS[side]] for side in first], Qt.Orientation.Horizontal
        )
        for docks in columns.values():
            self._window.resizeDocks(docks, [round(height / len(docks)) for _ in docks], Qt.Orientation.Vertical)

    @property
    def is_settled(self) -> bool:
        """The docks have followed the window's last size."""
        return not self._follow.isActive()

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._window.isVisible():
            self._wanted = {area: dock.width() for area, dock in self._columns().items()} | self._wanted
            self._follow.start()
        elif isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            self._dragged = self._side_at(event.position().x())
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._dragged = None
        return False

    def _columns(self) -> dict[Qt.DockWidgetArea, Dock]:
        """A shown dock of each side."""
        shown = (dock for dock, _, _ in self._docks if dock.isVisible())
        return {self._window.dockWidgetArea(dock): dock for dock in shown}

    def _side_at(self, x: float) -> Qt.DockWidgetArea | None:
        """The side whose edge is nearest to this place."""
        edges = {area: (dock.geometry().left(), dock.geometry().right()) for area, dock in self._columns().items()}
        return min(edges, key=lambda area: min(abs(edge - x) for edge in edges[area]), default=None)

    def _note_drag(self, dock: Dock) -> None:
        area = self._window.dockWidgetArea(dock)
        if area == self._dragged and self._window.width() == self._settled:
            self._wanted[area] = round(dock.width() / self._share)

    def _follow_window(self) -> None:
        self._settled = self._window.width()
        columns = self._columns()
        wanted = [self._wanted.get(area, dock.width()) for area, dock in columns.items()]
        self._share = min(1.0, _MOST * self._settled / max(1, sum(wanted)))
        widths = [round(width * self._share) for width in wanted]
        self._window.resizeDocks(list(columns.values()), widths, Qt.Orientation.Horizontal)

    def _place(self, dock: Dock, side: DockSide, *, is_shown: bool) -> None:
        self._window.addDockWidget(_AREAS[side], dock)
        dock.setVisible(is_shown)


class ConversationDock(Dock, Generic[V]):
    """A dock with one view for each conversation; it shows the view of the conversation in the open tab.

    A view is created when it is first shown: not at the moment its tab opens, but right after.
    """

    def __init__(
        self,
        name: str,
        title: str,
        make: Callable[[ChatPane], V],
        look: Look,
        window: QMainWindow,
        *,
        after_ms: int = 0,
    ) -> None:
        """`make` creates the view of a conversation, `after_ms` after it was shown: not all docks at once."""
        self._stack = QStackedWidget()
        self._blank = QWidget()
        self._stack.addWidget(self._blank)
        super().__init__(name, title, self._stack, look, window)
        self._make = make
        self._views: dict[ChatPane, V] = {}
        self.pane: ChatPane | None = None
        """The conversation in the open tab."""
        self._soon = delay(self, after_ms, self._show)
        self.visibilityChanged.connect(lambda _: self.follow(self.pane))

    def remove(self, pane: ChatPane) -> None:
        """Forget a conversation whose tab closes."""
        view = self._views.pop(pane, None)
        if view is not None:
            self._stack.removeWidget(view)
            view.deleteLater()
        if pane is self.pane:
            self.pane = None

    def follow(self, pane: ChatPane | None) -> None:
        """Show the view of this conversation."""
        is_other = pane is not self.pane
        self.pane = pane
        view = self._views.get(pane) if pane is not None else None
        if view is not None:
            self._turn_to(view)
        elif pane is not None:
            self._turn_to(self._blank)
            if is_other or not self._soon.isActive():
                self._soon.start()

    def _turn_to(self, view: QWidget) -> None:
        if self._stack.currentWidget() is not view:  # Qt processes all of it even if nothing changes
            self._stack.setCurrentWidget(view)

    def view_of(self, pane: ChatPane) -> V:
        """The view of a conversation."""
        if pane not in self._views:
            view = self._views[pane] = self._make(pane)
            self._stack.addWidget(view)
            if pane is self.pane:
                self._stack.setCurrentWidget(view)
        return self._views[pane]

    @property
    def views(self) -> tuple[V, ...]:
        """All views created so far."""
        return tuple(self._views.values())

    @property
    def open_view(self) -> V | None:
        """The view that is shown, or would be if the dock were open."""
        return self.view_of(self.pane) if self.pane is not None else None

    def _show(self) -> None:
        if self.pane is not None and self.isVisible():
            self.view_of(self.pane)
