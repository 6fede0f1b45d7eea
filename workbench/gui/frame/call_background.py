"""What the open conversations know about a call that needs approval: where its arguments may come from, and how the
tool was called when it was last approved."""

from collections.abc import Callable, Iterable
from functools import partial

from workbench.core.ids import CallId
from workbench.gui.conversation.chat_pane import ChatPane


class CallBackground:
    """Searches all open conversations."""

    def __init__(self, panes: Callable[[], Iterable[ChatPane]]) -> None:
        self._panes = panes

    def sources(self, call_id: CallId) -> tuple[tuple[str, str], ...]:
        """Earlier messages and results of the call's conversation, newest first, each with a label."""
        pane = self._pane_of(call_id)
        return pane.conversation.sources(call_id) if pane is not None else ()

    def approved_before(self, call_id: CallId, tool: str) -> str | None:
        """The arguments that a person last approved for the tool in the call's conversation."""
        pane = self._pane_of(call_id)
        return pane.conversation.approved_before(tool) if pane is not None else None

    def _pane_of(self, call_id: CallId) -> ChatPane | None:
        for pane in self._panes():
            pane.flush(partial(pane.conversation.knows, call_id))
            if pane.conversation.knows(call_id):
                return pane
        return None
