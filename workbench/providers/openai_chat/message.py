"""The assistant message as it grows: shared by `decode` (one piece) and `stream` (many pieces)."""

from workbench.core.confidence import LOGPROBS
from workbench.core.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.exchange import Delta, ModelResponse, Usage
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import WireCopy
from workbench.providers.body_json import body_text
from workbench.providers.call_ids import unique_call_ids
from workbench.providers.door import object_of, text_of, usage_of
from workbench.providers.ending import GATEWAY_ENDINGS, judged_by_content, remarks_of, stop_reason_of
from workbench.providers.openai_chat.call import GrowingCall, GrowingCalls
from workbench.providers.openai_chat.content import GrowingContent, ShownPart
from workbench.providers.openai_chat.encode import WIRE_FORMAT
from workbench.providers.openai_chat.logprobs import GrowingLogprobs
from workbench.providers.openai_chat.reasoning import GrowingFields

_PLAIN = frozenset({"role", "content", "refusal", "tool_calls", "function_call"})


class GrowingMessage:
    """Takes deltas (or one whole message) and knows the response they add up to."""

    def __init__(self) -> None:
        self._order: list[list[str] | GrowingCall] = []
        self._shown: dict[ShownPart, list[str]] = {"text": [], "reasoning": [], "refusal": []}
        self._content = GrowingContent()
        self._fields = GrowingFields()
        self._calls = GrowingCalls()
        self._old_call = GrowingCalls()
        self.logprobs = GrowingLogprobs()
        self._index_of: dict[int, int] = {}
        self._remarks: list[str] = []

    def grow(self, delta: JsonObject) -> list[Delta]:
        """Add one delta."""
        deltas: list[Delta] = []
        if not delta.keys() <= _PLAIN:
            self._add(deltas, "reasoning", self._fields.grow(delta))
        if content := delta.get("content"):
            for kind, text in self._content.grow(content):
                self._add(deltas, kind, text)
        if refusal := delta.get("refusal"):
            self._add(deltas, "refusal", text_of(refusal))
        if calls := delta.get("tool_calls"):
            self._add_calls(deltas, self._calls.grow(calls))
        if isinstance(old := delta.get("function_call"), dict):
            piece: JsonObject = {"index": 0, "type": "function_call", "function_call": old}
            self._add_calls(deltas, self._old_call.grow([piece]))
        return deltas

    def grow_text(self, content: str) -> list[Delta]:
        """What `grow` does with a delta of nothing but this content."""
        deltas: list[Delta] = []
        if content:
            for kind, text in self._content.grow(content):
                self._add(deltas, kind, text)
        return deltas

    def grow_whole(self, message: JsonObject) -> list[Delta]:
        """Add a whole message, of which a part or all may have come in deltas already."""
        there = "".join(self._shown["text"])
        content = message.get("content")
        rest: JsonObject = {
            key: value
            for key, value in message.items()
            if key not in ("content", "tool_calls", "refusal") and not self._fields.has(key)
        }
        if not self._order:
            rest |= {key: message[key] for key in ("content", "refusal") if key in message}
        elif isinstance(content, str) and content.startswith(there):
            rest["content"] = content[len(there) :]
        deltas = self.grow(rest)
        self._add_calls(deltas, self._calls.grow_whole(message.get("tool_calls")))
        return deltas

    def repeats(self, delta: JsonObject) -> bool:
        """Whether a last delta is nothing but the text of all the others again."""
        pieces = self._shown["text"]
        content = delta.get("content")
        if len(pieces) < 2 or not isinstance(content, str) or content != "".join(pieces):
            return False
        self._remarks.append("The last piece repeated the whole text, so it was not added to it.")
        return True

    def response(
        self, finish_reason: str, head: JsonObject, usage: Usage | None, *, is_whole: bool = False, remark: str = ""
    ) -> ModelResponse:
        """The whole response. `head` is the chunk or body that carries id and model.

        An answer that `is_whole` without a finish reason is judged by what it contains. Raises `ProviderFailure` for
        an ending that is not a success.
        """
        calls = [*self._calls.without_doubles(), *self._old_call.all]
        functions = [call for call in calls if call.is_function]
        ids = dict(zip(map(id, functions), unique_call_ids([call.given_id for call in functions]), strict=True))
        for call in calls:
            self._place(call)
        order = [item for item in self._order if not isinstance(item, GrowingCall) or item in calls]
        parts = tuple(self._part(item, ids) for item in order)
        if finish_reason or not is_whole:
            stop_reason = stop_reason_of(finish_reason, GATEWAY_ENDINGS, parts)
        else:
            stop_reason = judged_by_content(parts)
        return ModelResponse(
            parts=parts,
            stop_reason=stop_reason,
            model=text_of(head.get("model")),
            usage=usage,
            response_id=text_of(head.get("id")),
            raw_stop_reason=finish_reason,
            wire_copy=WireCopy(WIRE_FORMAT, body_text(self._wire_copy(calls, ids))),
            details={
                **{key: head[key] for key in ("service_tier", "system_fingerprint") if head.get(key)},
                **({LOGPROBS: self.logprobs.tokens} if self.logprobs.tokens else {}),
            },
            remarks=(
                *self._remarks,
                *([remark] if remark else []),
                *remarks_of(stop_reason, finish_reason, GATEWAY_ENDINGS),
            ),
        )

    def _add(self, deltas: list[Delta], kind: ShownPart, text: str) -> None:
        if text:
            pieces = self._shown[kind]
            pieces.append(text)
            deltas.append(Delta(kind, self._place(pieces), text))

    def _add_calls(self, deltas: list[Delta], grown: list[tuple[GrowingCall, str]]) -> None:
        """Show how calls grow. One that may be an earlier call again is shown when it is sure to be another."""
        for call, added in grown:
            if not call.is_shown and self._calls.may_be_double(call):
                continue
            place, added = self._place(call), added if call.is_shown else call.text
            call.is_shown = True
            if not call.is_function:
                continue
            if call.name and not call.is_announced:
                call.is_announced = True
                deltas.append(Delta("call", place, "", call.name))
            if added:
                deltas.append(Delta("arguments", place, added))

    def _place(self, item: list[str] | GrowingCall) -> int:
        """The index of the part; parts are in the order in which they began."""
        place = self._index_of.get(id(item))
        if place is None:
            place = self._index_of[id(item)] = len(self._order)
            self._order.append(item)
        return place

    def _part(self, item: list[str] | GrowingCall, ids: dict[int, str]) -> Part:
        if isinstance(item, GrowingCall):
            if item.is_function:
                return ToolCallPart(ids[id(item)], item.name, item.arguments)
            return OpaquePart(item.type, body_text(item.wire_copy(item.given_id)))
        text = "".join(item)
        if item is self._shown["text"]:
            return TextPart(text)
        return ReasoningPart(text) if item is self._shown["reasoning"] else RefusalPart(text)

    def _wire_copy(self, calls: list[GrowingCall], ids: dict[int, str]) -> JsonObject:
        copy: JsonObject = {"role": "assistant", "content": self._content.copy()}
        if refusal := "".join(self._shown["refusal"]):
            copy["refusal"] = refusal
        sent: list[JsonValue] = [
            call.wire_copy(ids.get(id(call), call.given_id)) for call in calls if call.type != "function_call"
        ]
        if sent:
            copy["tool_calls"] = sent
        return {**copy, **self._fields.copy()}


def usage_in(document: JsonObject) -> Usage | None:
    """The token counts of a chunk or body, if it carries any."""
    usage = object_of(document.get("usage")) or object_of(object_of(document.get("x_groq")).get("usage"))
    read, written = object_of(usage.get("prompt_tokens_details")), object_of(usage.get("completion_tokens_details"))
    return usage_of(
        read=usage.get("prompt_tokens"),
        written=usage.get("completion_tokens"),
        cached=read.get("cached_tokens"),
        cache_written=read.get("cache_write_tokens"),
        reasoning=written.get("reasoning_tokens"),
    )
