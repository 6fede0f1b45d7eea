"""The inspector as a feature of the window: a dock that follows the open conversation."""

from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.frame.panes import ConversationDock
from workbench.gui.inspector.inspector_view import InspectorView
from workbench.gui.trace.trace_feature import TraceFeature


class InspectorFeature(Feature[object]):
    """One inspector for each conversation."""

    def __init__(self, context: WindowContext, parts: object) -> None:
        super().__init__(context, parts)
        self.dock: ConversationDock[InspectorView]

    def add_docks(self) -> None:
        """Below the trace."""
        context = self.context
        self.dock = ConversationDock("inspector", "Inspector", self._make, context.look, context.as_window)
        context.panes.add(self.dock, "right")
        context.documents.pane_closing.connect(self.dock.remove)
        context.features.of(TraceFeature).beside.append(self.dock)

    def take_pane(self, pane: ChatPane) -> None:
        """A conversation was opened in a tab."""
        view = self.dock.add(pane)
        view.walk_asked.connect(self.context.features.of(TraceFeature).dock.view_of(pane).table.walk)

    def show_pane(self, pane: ChatPane) -> None:
        """Follow the open conversation."""
        self.dock.follow(pane)

    def _make(self, pane: ChatPane) -> InspectorView:
        return InspectorView(pane.conversation.inspector, self.context.look)
