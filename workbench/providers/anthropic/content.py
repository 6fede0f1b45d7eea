"""Content blocks → parts and the copy to send back: shared by `decode` and `stream`."""

import msgspec

from workbench.core.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.exchange import ModelResponse, StopReason, Usage
from workbench.core.json_text import JsonObject
from workbench.core.message import WireCopy
from workbench.providers.answer import cut_off
from workbench.providers.anthropic.encode import WIRE_FORMAT
from workbench.providers.anthropic.tool_search import searches_of
from workbench.providers.body_json import body_text
from workbench.providers.call_ids import same_arguments, unique_call_ids
from workbench.providers.door import arguments_of, count_of, object_of, text_of, usage_of
from workbench.providers.ending import ending_word, judged_by_content, remarks_of, stop_reason_of
from workbench.providers.sent_back import sent_input

_ENDINGS: dict[str, StopReason] = {
    "end_turn": "answered",
    "stop_sequence": "answered",
    "tool_use": "tool_calls",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "pause_turn": "paused",
    "refusal": "refused",
}
_DETAILS = ("stop_sequence", "stop_details", "input_transformations")


class Block(msgspec.Struct):
    """One content block. `raw` is its own JSON where it came in one piece, `input_json` a call's argument text."""

    document: JsonObject
    raw: str = ""
    input_json: str = ""

    @property
    def is_call(self) -> bool:
        """Only these become proposals; the vendor's hosted tools have other types."""
        return self.document.get("type") == "tool_use"

    def part(self) -> Part:
        """One block is one part, so that both have the same index."""
        match self.document.get("type"):
            case "text":
                return TextPart(text_of(self.document.get("text")))
            case "thinking":
                return ReasoningPart(text_of(self.document.get("thinking")))
            case "tool_use":
                name = text_of(self.document.get("name"))
                return ToolCallPart(text_of(self.document.get("id")), name, self.input_json)
            case other:
                return OpaquePart(text_of(other), self.wire_json())

    def wire_json(self) -> str:
        """The block as it is sent back."""
        if self.raw:
            return self.raw
        if self.is_call or self.input_json:
            return body_text({**self.document, "input": sent_input(self.input_json)})
        return body_text(self.document)

    def is_same_call(self, other: "Block") -> bool:
        """Whether both are the same call, with its id, name and arguments."""
        return (
            bool(self.is_call and other.is_call and self.document["id"])
            and all(self.document[key] == other.document[key] for key in ("id", "name"))
            and same_arguments(self.input_json, other.input_json)
        )


def response_of(blocks: list[Block], ending: JsonObject, *, is_whole: bool = False) -> ModelResponse:
    """The response. `ending` is what the message says about itself besides its content.

    A message that `is_whole` without a stop reason is judged by what it contains; else the answer is cut off. Raises
    `ProviderFailure` for that, and for an ending that is not a success.
    """
    word = ending_word(ending.get("stop_reason"))
    if not word and not (is_whole and blocks):
        raise cut_off("the message has no stop reason")
    blocks = _sound_calls(blocks)
    parts = [block.part() for block in blocks]
    explanation = object_of(ending.get("stop_details")).get("explanation")
    if word == "refusal" and isinstance(explanation, str) and explanation:
        parts.append(RefusalPart(explanation))
    stop_reason = stop_reason_of(word, _ENDINGS, parts) if word else judged_by_content(parts)
    return ModelResponse(
        parts=tuple(parts),
        stop_reason=stop_reason,
        model=text_of(ending.get("model")),
        usage=_usage(object_of(ending.get("usage"))),
        response_id=text_of(ending.get("id")),
        raw_stop_reason=word,
        wire_copy=WireCopy(WIRE_FORMAT, f"[{','.join(block.wire_json() for block in blocks)}]"),
        details={key: ending[key] for key in _DETAILS if ending.get(key)},
        searches=searches_of(
            [(block.document, block.input_json or arguments_of(block.document.get("input"))) for block in blocks]
        ),
        remarks=remarks_of(stop_reason, word, _ENDINGS) if word else (),
    )


def _usage(usage: JsonObject) -> Usage | None:
    """Token counts; this wire counts the cached input apart from the rest, we count it in."""
    counts = (usage.get(key) for key in ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"))
    read, cached, written = (count_of(count) for count in counts)
    is_read = any(count is not None for count in (read, cached, written))
    return usage_of(
        read=sum(count or 0 for count in (read, cached, written)) if is_read else None,
        written=usage.get("output_tokens"),
        cached=cached,
        cache_written=written,
        reasoning=object_of(usage.get("output_tokens_details")).get("thinking_tokens"),
    )


def _sound_calls(blocks: list[Block]) -> list[Block]:
    """The blocks, each call with a name and an id that are text and can be used, and there once."""
    kept: list[Block] = []
    for block in blocks:
        if block.is_call:
            _write(block, "id", text_of(block.document.get("id")))
            _write(block, "name", text_of(block.document.get("name")))
        if not any(block.is_same_call(other) for other in kept):
            kept.append(block)
    calls = [block for block in kept if block.is_call]
    for block, call_id in zip(calls, unique_call_ids([text_of(call.document["id"]) for call in calls]), strict=True):
        _write(block, "id", call_id)
    return kept


def _write(block: Block, key: str, text: str) -> None:
    if block.document.get(key) != text:
        block.document[key] = text
        block.raw = ""
