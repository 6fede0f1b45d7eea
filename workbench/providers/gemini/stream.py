"""streamGenerateContent chunks → deltas and the response. A pure state machine.

Each event is a whole response with the next parts. The terminal event is the one with a `finishReason`; nothing says
that no more comes, so the response is given when the body ends.
"""

from workbench.core.exchange import StreamItem
from workbench.providers.gemini.content import GrowingAnswer
from workbench.providers.gemini.failures import kind_of
from workbench.providers.sse import SseEvent
from workbench.providers.wire_failure import event_document


class GeminiStream:
    """Feed it the events of one answer."""

    def __init__(self) -> None:
        self._content = GrowingAnswer()
        self._is_given = False

    @property
    def is_complete(self) -> bool:
        """A finish reason was seen."""
        return bool(self._content.finish_reason)

    def feed(self, event: SseEvent) -> list[StreamItem]:
        """The deltas of one chunk. Raises `ProviderFailure` for an error, and for a prompt that was blocked."""
        if self._is_given or event.data.strip() == b"[DONE]":
            return []
        return [*self._content.grow(event_document(event, kind_of), event.data)]

    def finish(self) -> list[StreamItem]:
        """The response, once. Raises `ProviderFailure` of kind `cut_off` when no finish reason has come."""
        if self._is_given:
            return []
        response = self._content.response()
        self._is_given = True
        return [response]
