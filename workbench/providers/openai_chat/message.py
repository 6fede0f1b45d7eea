"""The assistant message as it grows: shared by `decode` (one piece) and `stream` (many pieces)."""

import msgspec

from workbench.core.confidence import LOGPROBS
from workbench.core.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.exchange import Delta, ModelResponse, StopReason, Usage
from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.message import WireCopy
from workbench.providers.call_ids import unique_call_ids
from workbench.providers.openai_chat.call import GrowingCall, GrowingCalls
from workbench.providers.openai_chat.encode import WIRE_FORMAT
from workbench.providers.openai_chat.logprobs import GrowingLogprobs

_STOP_REASONS: dict[str, StopReason] = {
    "stop": "answered",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "length": "length",
    "content_filter": "filtered",
}


class GrowingMessage:
    """Takes deltas (or one whole message) and knows the response they add up to."""

    def __init__(self) -> None:
        self._order: list[list[str] | GrowingCall] = []
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._refusal: list[str] = []
        self._extras: JsonObject = {}
        self._calls = GrowingCalls()
        self.logprobs = GrowingLogprobs()
        self._index_of: dict[int, int] = {}

    def grow(self, delta: JsonObject) -> list[Delta]:
        """Add one delta; a whole message is a delta too, except that its calls carry no index."""
        deltas: list[Delta] = []
        for key, value in delta.items():
            if not value:
                continue
            if key == "content":
                self._add(deltas, "text", self._text, value)
            elif key == "tool_calls" and isinstance(value, list):
                for piece in value:
                    self._add_call(deltas, piece)
            elif key == "refusal":
                self._add(deltas, "refusal", self._refusal, value)
            elif key.startswith("reasoning"):
                self._add_reasoning(deltas, key, value)
            elif key == "function_call" and isinstance(value, dict):
                self._add_call(deltas, {"index": "function_call", "type": "function_call", "function_call": value})
        return deltas

    def response(self, finish_reason: str, head: JsonObject, usage: Usage | None) -> ModelResponse:
        """The whole response. `head` is the chunk or body that carries id and model."""
        functions = [call for call in self._calls.all if call.is_function]
        ids = dict(zip(map(id, functions), unique_call_ids([call.given_id for call in functions]), strict=True))
        parts = tuple(self._part(item, ids) for item in self._order)
        return ModelResponse(
            parts=parts,
            stop_reason=self._stop_reason(finish_reason, has_calls=bool(functions)),
            model=_text(head.get("model")),
            usage=usage,
            response_id=_text(head.get("id")),
            raw_stop_reason=finish_reason,
            wire_copy=WireCopy(WIRE_FORMAT, compact(self._wire_copy(ids))),
            details={
                **{key: head[key] for key in ("service_tier", "system_fingerprint") if head.get(key)},
                **({LOGPROBS: self.logprobs.tokens} if self.logprobs.tokens else {}),
            },
        )

    def _add(self, deltas: list[Delta], kind: str, pieces: list[str], value: JsonValue) -> None:
        text = _content_text(value)
        if not text:
            return
        pieces.append(text)
        deltas.append(Delta(kind, self._place(pieces), text))  # type: ignore[arg-type]

    def _add_reasoning(self, deltas: list[Delta], key: str, value: JsonValue) -> None:
        """Keep every such key for the copy; show one, since some servers send the same words under two."""
        if isinstance(value, str):
            before = self._extras.get(key)
            self._extras[key] = before + value if isinstance(before, str) else value
            other = {"reasoning": "reasoning_content", "reasoning_content": "reasoning"}.get(key)
            if other is not None and other not in self._extras:
                self._add(deltas, "reasoning", self._reasoning, value)
        elif isinstance(value, list) and isinstance(before := self._extras.get(key), list):
            before.extend(value)
        else:
            self._extras[key] = value

    def _add_call(self, deltas: list[Delta], piece: JsonValue) -> None:
        if not isinstance(piece, dict):
            raise TypeError("a tool call is not an object")
        call, added = self._calls.grow(piece)
        place = self._place(call)
        if not call.is_function:
            return
        if call.name and not call.is_announced:
            call.is_announced = True
            deltas.append(Delta("call", place, "", call.name))
        if added:
            deltas.append(Delta("arguments", place, added))

    def _place(self, item: list[str] | GrowingCall) -> int:
        """The index of the part; parts stand in the order in which they began."""
        place = self._index_of.get(id(item))
        if place is None:
            place = self._index_of[id(item)] = len(self._order)
            self._order.append(item)
        return place

    def _part(self, item: list[str] | GrowingCall, ids: dict[int, str]) -> Part:
        if isinstance(item, GrowingCall):
            if item.is_function:
                return ToolCallPart(ids[id(item)], item.name, item.arguments)
            return OpaquePart(item.type, compact(item.wire_copy(item.given_id)))
        text = "".join(item)
        if item is self._text:
            return TextPart(text)
        return ReasoningPart(text) if item is self._reasoning else RefusalPart(text)

    def _stop_reason(self, finish_reason: str, *, has_calls: bool) -> StopReason:
        """A forced named call may finish with `stop`, so the presence of calls decides between the whole endings."""
        reason = _STOP_REASONS.get(finish_reason, "other")
        if reason not in ("answered", "tool_calls"):
            return reason
        if has_calls:
            return "tool_calls"
        if reason == "tool_calls":
            return "other"
        return "refused" if self._refusal and not self._text else "answered"

    def _wire_copy(self, ids: dict[int, str]) -> JsonObject:
        copy: JsonObject = {"role": "assistant", "content": "".join(self._text)}
        if self._refusal:
            copy["refusal"] = "".join(self._refusal)
        calls: list[JsonValue] = [
            call.wire_copy(ids.get(id(call), call.given_id)) for call in self._calls.all if call.type != "function_call"
        ]
        if calls:
            copy["tool_calls"] = calls
        return {**copy, **self._extras}


def usage_of(document: JsonObject) -> Usage | None:
    """The token counts of a chunk or body, if it carries any."""
    usage = document.get("usage")
    if not isinstance(usage, dict):
        vendor = document.get("x_groq")
        usage = vendor.get("usage") if isinstance(vendor, dict) else None
    if not isinstance(usage, dict):
        return None
    read, written = usage.get("prompt_tokens_details"), usage.get("completion_tokens_details")
    read = read if isinstance(read, dict) else {}
    written = written if isinstance(written, dict) else {}
    return msgspec.convert(
        {
            "input_tokens": usage.get("prompt_tokens") or 0,
            "output_tokens": usage.get("completion_tokens") or 0,
            "cached_tokens": read.get("cached_tokens") or 0,
            "cache_write_tokens": read.get("cache_write_tokens") or 0,
            "reasoning_tokens": written.get("reasoning_tokens") or 0,
        },
        Usage,
    )


def _content_text(value: JsonValue) -> str:
    """Content is a string; a few servers send a list of parts instead."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in value if isinstance(part, dict))
    raise TypeError("content is neither text nor parts")


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
