"""Responses events → deltas and the response. A pure state machine.

The terminal events are `response.completed`, `response.incomplete` and `response.failed`; they carry the whole
response. What they leave out or empty is taken from the items as they were streamed.
"""

from collections.abc import Callable

import msgspec

from workbench.core.exchange import Delta, StreamItem
from workbench.core.json_text import JsonObject
from workbench.providers.answer import cut_off
from workbench.providers.door import arguments_of, count_of, object_of, text_of
from workbench.providers.openai_responses.failures import kind_of
from workbench.providers.openai_responses.items import GrowingItem, GrowingItems, Item, items_of
from workbench.providers.openai_responses.output import response_of, says_the_same
from workbench.providers.sse import SseEvent
from workbench.providers.wire_failure import event_document

DONE_ACCEPTED = "The stream ended with [DONE] and no response.completed, which this connection accepts."


class _Output(msgspec.Struct, frozen=True):
    output: list[msgspec.Raw] | None = None


class _Terminal(msgspec.Struct, frozen=True):
    response: _Output


class _Done(msgspec.Struct, frozen=True):
    item: msgspec.Raw


_WHOLE_ITEM = -1
_TEXT_KINDS = {"output_text": "text", "refusal": "refusal"}
_REASONING_KINDS = {"reasoning_summary_text": "summary_text", "reasoning_text": "reasoning_text"}


class ResponsesStream:
    """Feed it the events of one answer.

    `accepts_done`: `[DONE]` ends an answer also where no terminal event has come.
    """

    def __init__(self, *, accepts_done: bool = False) -> None:
        self._accepts_done = accepts_done
        self._items = GrowingItems()
        self._places: dict[tuple[int, int], int] = {}
        self._shown_reasoning: dict[int, tuple[str, int]] = {}
        self._head: JsonObject = {}
        self._is_complete = False
        self._has_done = False
        self._steps: dict[str, Callable[[JsonObject], list[StreamItem]]] = {
            "response.created": self._begun,
            "response.output_item.added": self._item_added,
            "response.content_part.added": self._content_added,
            "response.output_text.delta": self._text,
            "response.output_text.done": self._text,
            "response.refusal.delta": self._text,
            "response.refusal.done": self._text,
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
        if self._is_complete:
            return []
        if event.data.strip() == b"[DONE]":
            self._has_done = True
            whole: JsonObject = {**self._head, "status": "completed"}
            return self._end(whole, [], (DONE_ACCEPTED,)) if self._accepts_done else []
        document = event_document(event, kind_of)
        kind = document["type"] = text_of(document.get("type")) or event.name
        step = self._steps.get(kind)
        if step is not None:
            return step(document)
        match kind:
            case "response.output_item.done":
                return self._item_done(document, event.data)
            case "response.completed" | "response.done" | "response.incomplete" | "response.failed":
                body = object_of(document.get("response"))
                if not body.get("status"):
                    body["status"] = kind.removeprefix("response.").replace("done", "completed")
                return self._end(body, items_of(body.get("output"), event.data, _output_of))
        return []

    def finish(self) -> list[StreamItem]:
        """Nothing, when the response was given; else raises `ProviderFailure` of kind `cut_off`."""
        if not self._is_complete:
            raise cut_off("the stream ended without response.completed", has_done=self._has_done)
        return []

    def _end(self, body: JsonObject, items: list[Item], remarks: tuple[str, ...] = ()) -> list[StreamItem]:
        rest = [delta for item in self._items.all for delta in self._rest_of_reasoning(item)]
        response = response_of(body, self._items.completed(items), remarks=remarks)
        self._is_complete = True
        return [*rest, response]

    def _begun(self, event: JsonObject) -> list[StreamItem]:
        body = object_of(event.get("response"))
        self._head = {key: body[key] for key in ("id", "model") if key in body}
        return []

    def _item_added(self, event: JsonObject) -> list[StreamItem]:
        document = event["item"]
        if not isinstance(document, dict):
            raise TypeError("an item of the output is not an object")
        item = self._items.announced(document, _index(event))
        if item.type == "message":
            return []
        place = self._place(item, _WHOLE_ITEM)
        return [Delta("call", place, "", text_of(document.get("name")))] if item.type == "function_call" else []

    def _item_done(self, event: JsonObject, data: bytes) -> list[StreamItem]:
        if not isinstance(event.get("item"), dict):  # it ends with what came in pieces
            return []
        document = object_of(event.get("item"))
        (whole,) = items_of([document], data, lambda data: [msgspec.json.decode(data, type=_Done).item])
        item = self._items.done(whole, _index(event))
        return [*self._rest_of_reasoning(item)]

    def _content_added(self, event: JsonObject) -> list[StreamItem]:
        item = self._items.grown(event, _index(event), "message")
        if item.type == "message":
            self._place(item, count_of(event.get("content_index")) or 0)
        return []

    def _text(self, event: JsonObject) -> list[StreamItem]:
        """A piece of text or refusal; when it is done, the whole, of which some or all pieces may not have come."""
        _, kind, what = text_of(event.get("type")).split(".")
        item = self._items.grown(event, _index(event), "message")
        place = count_of(event.get("content_index")) or 0
        if what == "delta":
            text = text_of(event["delta"])
        else:
            whole, there = text_of(event.get("refusal" if kind == "refusal" else "text")), item.text(kind, place)
            text = whole[len(there) :] if whole.startswith(there) else ""
        if not text:
            return []
        item.add(kind, place, text)
        return [Delta(_TEXT_KINDS[kind], self._place(item, place), text)]  # type: ignore[arg-type]

    def _arguments(self, event: JsonObject) -> list[StreamItem]:
        item = self._items.grown(event, _index(event), "function_call")
        text = arguments_of(event["delta"])
        item.arguments.append(text)
        return [Delta("arguments", self._place(item, _WHOLE_ITEM), text)] if text else []

    def _arguments_done(self, event: JsonObject) -> list[StreamItem]:
        """The whole arguments, of which some or all pieces may not have come."""
        item = self._items.grown(event, _index(event), "function_call")
        whole, there = arguments_of(event.get("arguments")), "".join(item.arguments)
        rest = whole[len(there) :] if whole.startswith(there) else ""
        if not rest:
            return []
        item.arguments.append(rest)
        return [Delta("arguments", self._place(item, _WHOLE_ITEM), rest)]

    def _reasoning(self, event: JsonObject) -> list[StreamItem]:
        """Several summaries of one item are one part, with a blank line between them. Of summary and plain content,
        what comes first is shown as it comes; the other when it is all there, and only if it says something else."""
        item = self._items.grown(event, _index(event), "reasoning")
        kind = _REASONING_KINDS[text_of(event.get("type")).split(".")[1]]
        number = count_of(event.get("summary_index")) or count_of(event.get("content_index")) or 0
        text = text_of(event["delta"])
        item.add(kind, number, text)
        before = self._shown_reasoning.setdefault(id(item), (kind, number))
        if kind != before[0] or not text:
            return []
        self._shown_reasoning[id(item)] = (kind, number)
        gap = "" if number == before[1] else "\n\n"
        return [Delta("reasoning", self._place(item, _WHOLE_ITEM), gap + text)]

    def _rest_of_reasoning(self, item: GrowingItem) -> list[Delta]:
        shown = self._shown_reasoning.pop(id(item), None)
        if shown is None:
            return []
        other = next(kind for kind in _REASONING_KINDS.values() if kind != shown[0])
        rest = item.words(other)
        if not rest or says_the_same(rest, item.words(shown[0])):
            return []
        return [Delta("reasoning", self._place(item, _WHOLE_ITEM), f"\n\n{rest}")]

    def _place(self, item: GrowingItem, content_index: int) -> int:
        """The index of the part; parts are in the order in which they began."""
        return self._places.setdefault((id(item), content_index), len(self._places))


def _index(event: JsonObject) -> int | None:
    return count_of(event.get("output_index"))


def _output_of(data: bytes) -> list[msgspec.Raw] | None:
    return msgspec.json.decode(data, type=_Terminal).response.output
