"""Chat Completions chunks → deltas and the response. A pure state machine.

The terminal event is the chunk with a `finish_reason`. `[DONE]` only says that nothing more comes; some
servers leave it out. Usage comes between the two.
"""

from workbench.core.exchange import ModelResponse, StreamItem, Usage
from workbench.core.json_text import JsonObject
from workbench.providers.answer import cut_off
from workbench.providers.openai_chat.failures import kind_of
from workbench.providers.openai_chat.message import GrowingMessage, usage_of
from workbench.providers.sse import SseEvent
from workbench.providers.wire_failure import event_document


class ChatStream:
    """Feed it the events of one answer; only the first choice is read."""

    def __init__(self) -> None:
        self._message = GrowingMessage()
        self._head: JsonObject = {}
        self._finish_reason = ""
        self._usage: Usage | None = None
        self._is_given = False

    @property
    def is_complete(self) -> bool:
        """A finish reason was seen."""
        return bool(self._finish_reason)

    def feed(self, event: SseEvent) -> list[StreamItem]:
        """The deltas of one chunk; at `[DONE]` the response."""
        if self._is_given:
            return []
        if event.data == b"[DONE]":
            return self.finish()
        chunk = event_document(event, kind_of)
        if not self._head and chunk.get("id"):
            self._head = {key: value for key, value in chunk.items() if key != "choices"}
        if chunk.get("usage") or chunk.get("x_groq"):
            self._usage = usage_of(chunk) or self._usage
        for choice in chunk.get("choices") or ():  # type: ignore[union-attr]
            if not choice.get("index"):  # type: ignore[union-attr]
                return self._take(choice)  # type: ignore[arg-type]
        return []

    def finish(self) -> list[StreamItem]:
        """The response, once. Raises `ProviderFailure` of kind `cut_off` when no finish reason has come."""
        if self._is_given:
            return []
        if not self._finish_reason:
            raise cut_off("the stream ended without a finish reason")
        self._is_given = True
        response: ModelResponse = self._message.response(self._finish_reason, self._head, self._usage)
        return [response]

    def _take(self, choice: JsonObject) -> list[StreamItem]:
        delta = choice.get("delta") or choice.get("message")
        self._message.logprobs.grow(choice.get("logprobs"))
        finish_reason = choice.get("finish_reason")
        if finish_reason:
            self._finish_reason = str(finish_reason)
        return [*self._message.grow(delta)] if isinstance(delta, dict) else []
