"""Content blocks → parts and the copy to send back: shared by `decode` and `stream`."""

from typing import Any

import msgspec

from workbench.core.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.exchange import ModelResponse, StopReason, Usage
from workbench.core.json_text import JsonObject
from workbench.core.message import WireCopy
from workbench.providers.answer import cut_off
from workbench.providers.anthropic.encode import WIRE_FORMAT
from workbench.providers.anthropic.tool_input import input_of
from workbench.providers.body_json import body_text
from workbench.providers.call_ids import unique_call_ids

_STOP_REASONS: dict[str, StopReason] = {
    "end_turn": "answered",
    "stop_sequence": "answered",
    "tool_use": "tool_calls",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "pause_turn": "paused",
    "refusal": "refused",
}


class Block(msgspec.Struct):
    """One content block. `raw` is its own JSON where it came in one piece, `input_json` a call's argument text."""

    document: dict[str, Any]
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
                return TextPart(self.document["text"])
            case "thinking":
                return ReasoningPart(self.document["thinking"])
            case "tool_use":
                return ToolCallPart(self.document["id"], self.document["name"], self.input_json)
            case other:
                return OpaquePart(str(other), self.wire_json())

    def wire_json(self) -> str:
        """The block as it is sent back."""
        if self.raw:
            return self.raw
        if self.input_json:
            return body_text({**self.document, "input": input_of(self.input_json)})
        return body_text(self.document)


class Ending(msgspec.Struct, frozen=True):
    """What a message says about itself besides its content."""

    id: str = ""
    model: str = ""
    stop_reason: str | None = None
    stop_sequence: str | None = None
    stop_details: dict[str, Any] | None = None
    usage: dict[str, Any] | None = None
    input_transformations: list[Any] | None = None


def response_of(blocks: list[Block], ending: Ending) -> ModelResponse:
    """The response. Raises `ProviderFailure` of kind `cut_off` when there is no stop reason."""
    if not ending.stop_reason:
        raise cut_off("the message has no stop reason")
    _make_ids_unique(blocks)
    parts = [block.part() for block in blocks]
    explanation = (ending.stop_details or {}).get("explanation")
    if ending.stop_reason == "refusal" and isinstance(explanation, str) and explanation:
        parts.append(RefusalPart(explanation))
    details: JsonObject = {
        key: value
        for key, value in (
            ("stop_sequence", ending.stop_sequence),
            ("stop_details", ending.stop_details),
            ("input_transformations", ending.input_transformations),
        )
        if value
    }
    return ModelResponse(
        parts=tuple(parts),
        stop_reason=_stop_reason(ending.stop_reason, has_calls=any(block.is_call for block in blocks)),
        model=ending.model,
        usage=usage_of(ending.usage),
        response_id=ending.id,
        raw_stop_reason=ending.stop_reason,
        wire_copy=WireCopy(WIRE_FORMAT, f"[{','.join(block.wire_json() for block in blocks)}]"),
        details=details,
    )


def usage_of(usage: dict[str, Any] | None) -> Usage | None:
    """Token counts; this wire counts the cached input apart from the rest, we count it in."""
    if not usage:
        return None
    cached = usage.get("cache_read_input_tokens") or 0
    written = usage.get("cache_creation_input_tokens") or 0
    return msgspec.convert(
        {
            "input_tokens": (usage.get("input_tokens") or 0) + cached + written,
            "output_tokens": usage.get("output_tokens") or 0,
            "cached_tokens": cached,
            "cache_write_tokens": written,
            "reasoning_tokens": (usage.get("output_tokens_details") or {}).get("thinking_tokens") or 0,
        },
        Usage,
    )


def _make_ids_unique(blocks: list[Block]) -> None:
    calls = [block for block in blocks if block.is_call]
    for block, call_id in zip(calls, unique_call_ids([call.document.get("id") or "" for call in calls]), strict=True):
        if block.document.get("id") != call_id:
            block.document["id"] = call_id
            block.raw = ""


def _stop_reason(raw: str, *, has_calls: bool) -> StopReason:
    """Calls must be answered also where the model ends its turn with them; without calls there is nothing to run."""
    reason = _STOP_REASONS.get(raw, "other")
    if raw == "end_turn" and has_calls:
        return "tool_calls"
    return "other" if reason == "tool_calls" and not has_calls else reason
