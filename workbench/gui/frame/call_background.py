"""What the open conversations know about a call that is asked about: where its arguments may come from, and how the
tool was called when it was last approved."""

from collections.abc import Callable, Iterable

from workbench.core.ids import CallId
from workbench.gui.conversation.chat_pane import ChatPane


class CallBackground:
    """Looks in all open conversations."""

    def __init__(self, panes: Callable[[], Iterable[ChatPane]]) -> None:
        self._panes = panes

    def sources(self, call_id: CallId) -> tuple[tuple[str, str], ...]:
        """Earlier messages and results of the call's conversation, newest first, each with what it is."""
        for pane in self._panes():
            pane.flush()
            if pane.conversation.knows(call_id):
                return pane.conversation.sources(call_id)
        return ()

    def approved_before(self, call_id: CallId, tool: str) -> str | None:
        """The arguments with which a person last let the tool run in the call's conversation."""
        for pane in self._panes():
            if pane.conversation.knows(call_id):
                return pane.conversation.approved_before(tool)
        return None
