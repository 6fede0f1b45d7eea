"""Messages events → deltas and the response. A pure state machine.

The terminal event is `message_stop`. Argument text is only collected, never repaired: at `max_tokens` it ends in
the middle, and a repaired value is one the model never wrote.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from workbench.core.exchange import Delta, StreamItem
from workbench.core.json_text import compact
from workbench.providers.answer import cut_off
from workbench.providers.anthropic.content import Block, Ending, response_of
from workbench.providers.anthropic.failures import kind_of
from workbench.providers.sse import SseEvent
from workbench.providers.wire_failure import event_document

_DELTA_KEYS = {
    "text_delta": ("text", "text"),
    "thinking_delta": ("thinking", "reasoning"),
}


class _GrowingBlock:
    def __init__(self, document: dict[str, Any], place: int) -> None:
        self.document = document
        self.place = place
        self.texts: dict[str, list[str]] = {}
        self.input: list[str] = []

    def finished(self) -> Block:
        document = dict(self.document)
        for key, pieces in self.texts.items():
            document[key] = (document.get(key) or "") + "".join(pieces)
        if "input" not in document:
            return Block(document)
        return Block(document, input_json="".join(self.input) or compact(document["input"]))


class MessagesStream:
    """Feed it the events of one answer."""

    def __init__(self) -> None:
        self._blocks: dict[int, _GrowingBlock] = {}
        self._head: dict[str, Any] = {}
        self._usage: dict[str, Any] = {}
        self._is_complete = False
        self._steps: dict[str, Callable[[dict[str, Any]], list[StreamItem]]] = {
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
        if self._is_complete:
            return []
        document: dict[str, Any] = event_document(event, kind_of)
        step = self._steps.get(document.get("type") or event.name)
        return step(document) if step is not None else []

    def finish(self) -> list[StreamItem]:
        """Nothing, when the response was given; else raises `ProviderFailure` of kind `cut_off`."""
        if not self._is_complete:
            raise cut_off("the stream ended without message_stop")
        return []

    def _started(self, event: dict[str, Any]) -> list[StreamItem]:
        message = event["message"]
        self._head = {key: message[key] for key in ("id", "model", "input_transformations") if message.get(key)}
        self._count(message.get("usage"))
        return []

    def _block_started(self, event: dict[str, Any]) -> list[StreamItem]:
        document = event["content_block"]
        block = self._blocks[event["index"]] = _GrowingBlock(document, len(self._blocks))
        match document["type"]:
            case "tool_use":
                return [Delta("call", block.place, "", document["name"])]
            case "text" if document.get("text"):
                return [Delta("text", block.place, document["text"])]
            case "thinking" if document.get("thinking"):
                return [Delta("reasoning", block.place, document["thinking"])]
            case _:
                return []

    def _block_grew(self, event: dict[str, Any]) -> list[StreamItem]:
        block = self._blocks[event["index"]]
        delta = event["delta"]
        kind = delta["type"]
        if kind in _DELTA_KEYS:
            key, shown_as = _DELTA_KEYS[kind]
            text: str = delta[key]
            block.texts.setdefault(key, []).append(text)
            return [Delta(shown_as, block.place, text)] if text else []  # type: ignore[arg-type]
        match kind:
            case "input_json_delta":
                piece: str = delta["partial_json"]
                block.input.append(piece)
                is_call = block.document["type"] == "tool_use"
                return [Delta("arguments", block.place, piece)] if piece and is_call else []
            case "signature_delta":
                block.document["signature"] = delta["signature"]
            case "citations_delta":
                block.document["citations"] = [*(block.document.get("citations") or ()), delta["citation"]]
            case _:
                block.document.update({key: value for key, value in delta.items() if key != "type"})
        return []

    def _message_changed(self, event: dict[str, Any]) -> list[StreamItem]:
        changes = event["delta"]
        self._head.update({key: changes[key] for key in changes if changes[key] is not None})
        if event.get("input_transformations"):
            self._head["input_transformations"] = event["input_transformations"]
        self._count(event.get("usage"))
        return []

    def _stopped(self, _event: dict[str, Any]) -> list[StreamItem]:
        ending = msgspec.convert({**self._head, "usage": self._usage}, Ending)
        response = response_of([block.finished() for block in self._blocks.values()], ending)
        self._is_complete = True
        return [response]

    def _count(self, usage: dict[str, Any] | None) -> None:
        """Later counts are totals: they replace earlier ones, except where they say nothing."""
        self._usage.update({key: value for key, value in (usage or {}).items() if value is not None})
