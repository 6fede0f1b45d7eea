"""Messages events → deltas and the response. A pure state machine.

The terminal event is `message_stop`. Argument text is only collected, never repaired: at `max_tokens` it ends in
the middle, and a repaired value is one the model never wrote.
"""

from collections.abc import Callable
from typing import Literal

from workbench.core.exchange import Delta, StreamItem
from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.answer import cut_off
from workbench.providers.anthropic.content import Block, response_of
from workbench.providers.anthropic.failures import kind_of
from workbench.providers.door import arguments_of, count_of, object_of, objects_of, text_of
from workbench.providers.sse import SseEvent
from workbench.providers.wire_failure import event_document

_DELTA_KEYS: dict[str, tuple[str, Literal["text", "reasoning"]]] = {
    "text_delta": ("text", "text"),
    "thinking_delta": ("thinking", "reasoning"),
}
_GROWS = {
    "text_delta": "text",
    "citations_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "thinking",
    "input_json_delta": "tool_use",
}


class _GrowingBlock:
    def __init__(self, document: JsonObject, place: int) -> None:
        self.document = document
        self.place = place
        self.texts: dict[str, list[str]] = {}
        self.input: list[str] = []

    def finished(self) -> Block:
        document = dict(self.document)
        for key, pieces in self.texts.items():
            document[key] = text_of(document.get(key)) + "".join(pieces)
        if "input" not in document and document.get("type") != "tool_use":
            return Block(document)
        return Block(document, input_json="".join(self.input) or arguments_of(document.get("input")))


class MessagesStream:
    """Feed it the events of one answer."""

    def __init__(self) -> None:
        self._blocks: list[_GrowingBlock] = []
        self._by_index: dict[int | None, _GrowingBlock] = {}
        self._head: JsonObject = {}
        self._usage: JsonObject = {}
        self._is_complete = False
        self._steps: dict[str, Callable[[JsonObject], list[StreamItem]]] = {
            "message_start": self._started,
            "content_block_start": self._block_started,
            "content_block_delta": self._block_grew,
            "message_delta": self._message_changed,
            "message_stop": self._stopped,
        }

    @property
    def is_complete(self) -> bool:
        """`message_stop` was seen."""
        return self._is_complete

    def feed(self, event: SseEvent) -> list[StreamItem]:
        """The deltas of one event; at `message_stop` the response. Kinds of events not known are passed over."""
        if self._is_complete or event.data.strip() == b"[DONE]":
            return []
        document = event_document(event, kind_of)
        step = self._steps.get(text_of(document.get("type")) or event.name)
        return step(document) if step is not None else []

    def finish(self) -> list[StreamItem]:
        """Nothing, when the response was given; else raises `ProviderFailure` of kind `cut_off`."""
        if not self._is_complete:
            raise cut_off("the stream ended without message_stop")
        return []

    def _started(self, event: JsonObject) -> list[StreamItem]:
        message = event["message"]
        if not isinstance(message, dict):
            raise TypeError("a message is not an object")
        self._head = {key: message[key] for key in ("id", "model", "input_transformations") if message.get(key)}
        self._count(message.get("usage"))
        return [delta for block in objects_of(message.get("content")) for delta in self._begun(block, None)]

    def _block_started(self, event: JsonObject) -> list[StreamItem]:
        document = event["content_block"]
        if not isinstance(document, dict):
            raise TypeError("a block is not an object")
        return self._begun(document, count_of(event.get("index")))

    def _begun(self, document: JsonObject, index: int | None) -> list[StreamItem]:
        """A block begins, whatever index it has: some servers give all of them the same."""
        block = _GrowingBlock(document, len(self._blocks))
        self._blocks.append(block)
        self._by_index[index] = block
        match document.get("type"):
            case "tool_use":
                return [Delta("call", block.place, "", text_of(document.get("name")))]
            case "text" if text := text_of(document.get("text")):
                return [Delta("text", block.place, text)]
            case "thinking" if text := text_of(document.get("thinking")):
                return [Delta("reasoning", block.place, text)]
            case _:
                return []

    def _block_grew(self, event: JsonObject) -> list[StreamItem]:
        delta = object_of(event["delta"])
        kind = text_of(delta.get("type"))
        block = self._grown(count_of(event.get("index")), kind)
        if kind in _DELTA_KEYS:
            key, shown_as = _DELTA_KEYS[kind]
            text = text_of(delta.get(key))
            block.texts.setdefault(key, []).append(text)
            return [Delta(shown_as, block.place, text)] if text else []
        match kind:
            case "input_json_delta":
                piece = arguments_of(delta.get("partial_json"))
                block.input.append(piece)
                is_call = block.document.get("type") == "tool_use"
                return [Delta("arguments", block.place, piece)] if piece and is_call else []
            case "signature_delta":
                block.document["signature"] = delta.get("signature")
            case "citations_delta":
                block.document["citations"] = [*objects_of(block.document.get("citations")), delta.get("citation")]
            case _:
                block.document.update({key: value for key, value in delta.items() if key != "type"})
        return []

    def _grown(self, index: int | None, kind: str) -> _GrowingBlock:
        """The block a delta belongs to: the one at its index, else the newest, if it can grow so. Where its start has
        not come, the delta says what it is, unless it is a call."""
        block = self._by_index.get(index)
        if block is not None:
            return block
        last = self._blocks[-1] if self._blocks else None
        if last is not None and last.document.get("type") == _GROWS.get(kind, last.document.get("type")):
            return last
        if kind not in _DELTA_KEYS:
            raise KeyError("a piece of a block that has not begun")
        self._begun({"type": _GROWS[kind]}, index)
        return self._blocks[-1]

    def _message_changed(self, event: JsonObject) -> list[StreamItem]:
        self._head.update({key: value for key, value in object_of(event.get("delta")).items() if value is not None})
        if event.get("input_transformations"):
            self._head["input_transformations"] = event["input_transformations"]
        self._count(event.get("usage"))
        return []

    def _stopped(self, _event: JsonObject) -> list[StreamItem]:
        ending: JsonObject = {**self._head, "usage": self._usage}
        response = response_of([block.finished() for block in self._blocks], ending)
        self._is_complete = True
        return [response]

    def _count(self, usage: JsonValue) -> None:
        """Later counts are totals: they replace earlier ones, except where they say nothing."""
        self._usage.update({key: value for key, value in object_of(usage).items() if value is not None})
