"""Responses events → deltas and the response. A pure state machine.

The terminal events are `response.completed`, `response.incomplete` and `response.failed`; they carry the whole
response. Servers that leave its output empty are read from the finished items instead.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from workbench.core.exchange import Delta, StreamItem
from workbench.core.json_text import JsonObject
from workbench.providers.answer import cut_off
from workbench.providers.openai_responses.failures import kind_of
from workbench.providers.openai_responses.output import ResponseBody, response_of
from workbench.providers.sse import SseEvent
from workbench.providers.wire_failure import event_document


class _ItemDone(msgspec.Struct, frozen=True):
    item: msgspec.Raw
    output_index: int = 0


class _Terminal(msgspec.Struct, frozen=True):
    response: ResponseBody


_WHOLE_ITEM = -1


class ResponsesStream:
    """Feed it the events of one answer."""

    def __init__(self) -> None:
        self._items: dict[int, msgspec.Raw] = {}
        self._item_types: dict[int, str] = {}
        self._places: dict[tuple[int, int], int] = {}
        self._shown_reasoning: dict[int, tuple[str, int]] = {}
        self._has_arguments: set[int] = set()
        self._is_complete = False
        self._steps: dict[str, Callable[[JsonObject], list[StreamItem]]] = {
            "response.output_item.added": self._item_added,
            "response.content_part.added": self._content_added,
            "response.output_text.delta": self._text,
            "response.refusal.delta": self._refusal,
            "response.function_call_arguments.delta": self._arguments,
            "response.function_call_arguments.done": self._arguments_done,
            "response.reasoning_summary_text.delta": self._reasoning,
            "response.reasoning_text.delta": self._reasoning,
        }

    @property
    def is_complete(self) -> bool:
        """A terminal event was seen."""
        return self._is_complete

    def feed(self, event: SseEvent) -> list[StreamItem]:
        """The deltas of one event; at the terminal event the response. Kinds of events not known are passed over."""
        if self._is_complete or event.data == b"[DONE]":
            return []
        document = event_document(event, kind_of)
        kind = document.get("type") or event.name
        step = self._steps.get(str(kind))
        if step is not None:
            return step(document)
        match kind:
            case "response.output_item.done":
                done = msgspec.json.decode(event.data, type=_ItemDone)
                self._items[done.output_index] = done.item
            case "response.completed" | "response.incomplete" | "response.failed":
                return self._end(msgspec.json.decode(event.data, type=_Terminal).response, str(kind))
        return []

    def finish(self) -> list[StreamItem]:
        """Nothing, when the response was given; else raises `ProviderFailure` of kind `cut_off`."""
        if not self._is_complete:
            raise cut_off("the stream ended without response.completed")
        return []

    def _end(self, body: ResponseBody, kind: str) -> list[StreamItem]:
        if not body.status:
            body = msgspec.structs.replace(body, status=kind.removeprefix("response."))
        items = body.output or [self._items[place] for place in sorted(self._items)]
        response = response_of(body, items)
        self._is_complete = True
        return [response]

    def _item_added(self, event: JsonObject) -> list[StreamItem]:
        item: Any = event["item"]
        output_index = _number(event, "output_index")
        self._item_types[output_index] = item["type"]
        if item["type"] == "message":
            return []
        place = self._place(output_index, _WHOLE_ITEM)
        if item["type"] != "function_call":
            return []
        return [Delta("call", place, "", item["name"])]

    def _content_added(self, event: JsonObject) -> list[StreamItem]:
        output_index = _number(event, "output_index")
        if self._item_types.get(output_index, "message") == "message":
            self._place(output_index, _number(event, "content_index"))
        return []

    def _text(self, event: JsonObject) -> list[StreamItem]:
        place = self._place(_number(event, "output_index"), _number(event, "content_index"))
        return [Delta("text", place, _delta(event))]

    def _refusal(self, event: JsonObject) -> list[StreamItem]:
        place = self._place(_number(event, "output_index"), _number(event, "content_index"))
        return [Delta("refusal", place, _delta(event))]

    def _arguments(self, event: JsonObject) -> list[StreamItem]:
        output_index = _number(event, "output_index")
        self._has_arguments.add(output_index)
        return [Delta("arguments", self._place(output_index, _WHOLE_ITEM), _delta(event))]

    def _arguments_done(self, event: JsonObject) -> list[StreamItem]:
        """Short arguments may come without any delta before."""
        output_index = _number(event, "output_index")
        arguments = event.get("arguments")
        if output_index in self._has_arguments or not isinstance(arguments, str) or not arguments:
            return []
        return [Delta("arguments", self._place(output_index, _WHOLE_ITEM), arguments)]

    def _reasoning(self, event: JsonObject) -> list[StreamItem]:
        """Several summaries of one item are one part; a blank line stands between them."""
        output_index = _number(event, "output_index")
        piece = (str(event["type"]), _number(event, "summary_index") or _number(event, "content_index"))
        before = self._shown_reasoning.setdefault(output_index, piece)
        self._shown_reasoning[output_index] = piece
        gap = "" if piece == before else "\n\n"
        return [Delta("reasoning", self._place(output_index, _WHOLE_ITEM), gap + _delta(event))]

    def _place(self, output_index: int, content_index: int) -> int:
        """The index of the part; parts stand in the order in which they began."""
        return self._places.setdefault((output_index, content_index), len(self._places))


def _number(event: JsonObject, key: str) -> int:
    value = event.get(key, 0)
    if not isinstance(value, int):
        raise TypeError(f"{key} is not a number")
    return value


def _delta(event: JsonObject) -> str:
    value = event["delta"]
    if not isinstance(value, str):
        raise TypeError("delta is not text")
    return value
