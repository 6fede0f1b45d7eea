"""The inspector as a feature of the window: a dock that follows the open conversation."""

from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.frame.panes import ConversationDock
from workbench.gui.inspector.inspector_view import InspectorView
from workbench.gui.trace.trace_feature import TraceFeature

_AFTER_MS = 40
"""A frame after the trace has come."""


class InspectorFeature(Feature[object]):
    """One inspector for each conversation."""

    def __init__(self, context: WindowContext, parts: object) -> None:
        super().__init__(context, parts)
        self.dock: ConversationDock[InspectorView]

    def add_docks(self) -> None:
        """Below the trace."""
        context = self.context
        beside = context.features.of(TraceFeature).beside
        self.dock = ConversationDock(
            "inspector", "Inspector", self._make, context.look, context.as_window, after_ms=_AFTER_MS
        )
        context.panes.add(self.dock, "right")
        context.documents.pane_closing.connect(self.dock.remove)
        beside.append(self.dock)

    def show_pane(self, pane: ChatPane) -> None:
        """Follow the open conversation."""
        self.dock.follow(pane)

    def _make(self, pane: ChatPane) -> InspectorView:
        view = InspectorView(pane.conversation.inspector, self.context.look, pane.conversation.pictures)
        traces = self.context.features.of(TraceFeature).dock
        view.walk_asked.connect(lambda way, step: traces.view_of(pane).table.walk(way, step))
        return view
