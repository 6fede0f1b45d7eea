"""The inspector as a feature of the window: a dock that follows the open conversation."""

from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.feature import Feature, Workplace
from workbench.gui.frame.panes import ConversationDock
from workbench.gui.inspector.inspector_view import InspectorView
from workbench.gui.trace.trace_feature import TraceFeature


class InspectorFeature(Feature):
    """One inspector for each conversation."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.dock: ConversationDock[InspectorView]

    def add_docks(self) -> None:
        """Below the trace."""
        place = self.place
        self.dock = ConversationDock("inspector", "Inspector", self._make, place.look, place.as_window)
        place.panes.add(self.dock, "right")
        place.documents.pane_closing.connect(self.dock.remove)
        place.features.of(TraceFeature).beside.append(self.dock)

    def take_pane(self, pane: ChatPane) -> None:
        """A conversation was opened in a tab."""
        view = self.dock.add(pane)
        view.walk_asked.connect(self.place.features.of(TraceFeature).dock.view_of(pane).table.walk)

    def show_pane(self, pane: ChatPane) -> None:
        """Follow the open conversation."""
        self.dock.follow(pane)

    def _make(self, pane: ChatPane) -> InspectorView:
        return InspectorView(pane.conversation.inspector, self.place.look)
