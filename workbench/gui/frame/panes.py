"""The panes around the middle: explorer on the left; trace, inspector and approvals on the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.dock import Dock
from workbench.gui.inspector.inspector_view import InspectorView
from workbench.gui.look.look import Look
from workbench.gui.trace.trace_view import TraceView

_LEFT, _RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea


class Panes:
    """The docks. Trace and inspector follow the conversation in the open tab."""

    def __init__(self, window: QMainWindow, look: Look, explorer: QWidget, approvals: QWidget) -> None:
        self._window = window
        self._look = look
        self._traces = QStackedWidget()
        self._inspectors = QStackedWidget()
        self._views: dict[ChatPane, tuple[TraceView, InspectorView]] = {}
        self.explorer = Dock("explorer", "Explorer", explorer, look, window)
        self.trace = Dock("trace", "Trace", self._traces, look, window)
        self.inspector = Dock("inspector", "Inspector", self._inspectors, look, window)
        self.approvals = Dock("approvals", "Approvals", approvals, look, window)
        self.reset()

    def add(self, pane: ChatPane) -> None:
        """Make trace and inspector of a conversation."""
        trace = TraceView(pane.conversation.trace, self._look)
        inspector = InspectorView(pane.conversation.inspector, self._look)
        trace.spot_asked.connect(pane.spot_asked)
        inspector.walk_asked.connect(trace.table.walk)
        self._views[pane] = (trace, inspector)
        self._traces.addWidget(trace)
        self._inspectors.addWidget(inspector)

    def remove(self, pane: ChatPane) -> None:
        """The conversation's tab is closing."""
        trace, inspector = self._views.pop(pane)
        self._traces.removeWidget(trace)
        self._inspectors.removeWidget(inspector)
        trace.deleteLater()
        inspector.deleteLater()

    def follow(self, pane: ChatPane) -> None:
        """Show this conversation's trace and inspector."""
        trace, inspector = self._views[pane]
        self._traces.setCurrentWidget(trace)
        self._inspectors.setCurrentWidget(inspector)

    def trace_of(self, pane: ChatPane) -> TraceView:
        """The trace of a conversation."""
        return self._views[pane][0]

    def inspector_of(self, pane: ChatPane) -> InspectorView:
        """The inspector of a conversation."""
        return self._views[pane][1]

    @property
    def open_trace(self) -> TraceView | None:
        """The trace that is shown."""
        current = self._traces.currentWidget()
        return current if isinstance(current, TraceView) else None

    def toggle_right(self) -> None:
        """Trace and inspector, both or neither."""
        is_shown = self.trace.isVisible() or self.inspector.isVisible()
        self.trace.setVisible(not is_shown)
        self.inspector.setVisible(not is_shown)

    def reset(self) -> None:
        """All panes where they belong."""
        window = self._window
        for dock, area in (
            (self.explorer, _LEFT),
            (self.trace, _RIGHT),
            (self.inspector, _RIGHT),
            (self.approvals, _RIGHT),
        ):
            window.addDockWidget(area, dock)
            dock.setVisible(dock is not self.approvals)
        self.size()

    def size(self) -> None:
        """Give the panes the room they have by default."""
        width, height = self._window.width(), self._window.height()
        self._window.resizeDocks(
            [self.explorer, self.trace], [round(width * 0.16), round(width * 0.36)], Qt.Orientation.Horizontal
        )
        self._window.resizeDocks(
            [self.trace, self.inspector], [round(height * 0.5), round(height * 0.5)], Qt.Orientation.Vertical
        )
