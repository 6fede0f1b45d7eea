"""Chat Completions chunks → deltas and the response. A pure state machine.

The terminal event is the chunk with a `finish_reason`. `[DONE]` only says that nothing more comes; some
servers leave it out. Usage comes between the two.
"""

from workbench.core.exchange import ModelResponse, StreamItem, Usage
from workbench.core.json_text import JsonObject
from workbench.providers.answer import cut_off
from workbench.providers.door import count_of
from workbench.providers.ending import ending_word
from workbench.providers.openai_chat.failures import kind_of
from workbench.providers.openai_chat.message import GrowingMessage, usage_in
from workbench.providers.openai_chat.plain_chunk import plain_text
from workbench.providers.sse import SseEvent
from workbench.providers.wire_failure import error_detail, event_document, failure_of_detail

DONE_ACCEPTED = "The stream ended with [DONE] and no finish reason, which this connection accepts."


class ChatStream:
    """Feed it the events of one answer; only the first choice is read.

    `accepts_done`: `[DONE]` ends an answer also where no finish reason has come.
    """

    def __init__(self, *, accepts_done: bool = False) -> None:
        self._accepts_done = accepts_done
        self._message = GrowingMessage()
        self._head: JsonObject = {}
        self._finish_reason = ""
        self._has_deltas = False
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
        if self._head and not event.name and (text := plain_text(event.data)) is not None:
            self._has_deltas = True
            return [*self._message.grow_text(text)]
        if event.data.strip() == b"[DONE]":
            return self._end(is_done=True)
        chunk = event_document(event, kind_of)
        if not self._head and chunk.get("id"):
            self._head = {key: value for key, value in chunk.items() if key != "choices"}
        if chunk.get("usage") or chunk.get("x_groq"):
            self._usage = usage_in(chunk) or self._usage
        for choice in chunk.get("choices") or ():  # type: ignore[union-attr]
            index = choice.get("index")  # type: ignore[union-attr]
            if not index or not count_of(index):
                return self._take(choice)  # type: ignore[arg-type]
        return []

    def finish(self) -> list[StreamItem]:
        """The response, once. Raises `ProviderFailure` of kind `cut_off` when no finish reason has come."""
        return [] if self._is_given else self._end(is_done=False)

    def _end(self, *, is_done: bool) -> list[StreamItem]:
        is_accepted = is_done and self._accepts_done and not self._finish_reason
        if not self._finish_reason and not is_accepted:
            raise cut_off("the stream ended without a finish reason", has_done=is_done)
        self._is_given = True
        remark = DONE_ACCEPTED if is_accepted else ""
        response: ModelResponse = self._message.response(
            self._finish_reason, self._head, self._usage, is_whole=is_accepted, remark=remark
        )
        return [response]

    def _take(self, choice: JsonObject) -> list[StreamItem]:
        if choice.get("error"):
            raise failure_of_detail(error_detail(choice), kind_of)
        self._message.logprobs.grow(choice.get("logprobs"))
        word = choice.get("finish_reason")
        finish_reason = "" if word is None else ending_word(word)
        self._finish_reason = finish_reason or self._finish_reason
        delta, message = choice.get("delta"), choice.get("message")
        if isinstance(delta, dict) and delta:
            if finish_reason and self._message.repeats(delta):
                delta = {key: value for key, value in delta.items() if key != "content"}
            self._has_deltas = True
            return [*self._message.grow(delta)]
        if not isinstance(message, dict):
            return []
        is_whole = bool(finish_reason) or self._has_deltas
        return [*(self._message.grow_whole(message) if is_whole else self._message.grow(message))]
