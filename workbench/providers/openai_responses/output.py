"""The output items of a response → parts and the copy to send back: shared by `decode` and `stream`."""

from typing import Any

import msgspec

from workbench.core.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.exchange import ModelResponse, StopReason, Usage
from workbench.core.json_text import JsonObject
from workbench.core.message import WireCopy
from workbench.providers.answer import cut_off
from workbench.providers.call_ids import unique_call_ids
from workbench.providers.openai_responses.encode import WIRE_FORMAT
from workbench.providers.openai_responses.failures import kind_of
from workbench.providers.wire_failure import error_detail, failure_of_detail


class ResponseBody(msgspec.Struct, frozen=True):
    """The parts of a `response` object that are read; items stay as the bytes they came in."""

    id: str = ""
    model: str = ""
    status: str = ""
    output: list[msgspec.Raw] | None = None
    usage: dict[str, Any] | None = None
    error: Any = None
    incomplete_details: dict[str, Any] | None = None
    service_tier: str | None = None


def response_of(body: ResponseBody, raw_items: list[msgspec.Raw]) -> ModelResponse:
    """The response. Raises `ProviderFailure` when it failed or has not ended."""
    if body.status == "failed" or (body.error and body.status != "completed"):
        raise failure_of_detail(error_detail({"error": body.error}), kind_of)
    if body.status not in ("completed", "incomplete"):
        raise cut_off(f"the response is {body.status or 'without a status'}")
    items: list[dict[str, Any]] = [msgspec.json.decode(raw) for raw in raw_items]
    texts = [bytes(raw).decode() for raw in raw_items]
    _make_ids_unique(items, texts)
    parts = tuple(part for item, text in zip(items, texts, strict=True) for part in _parts(item, text))
    details: JsonObject = {}
    if body.service_tier:
        details["service_tier"] = body.service_tier
    if body.incomplete_details:
        details["incomplete_details"] = body.incomplete_details
    return ModelResponse(
        parts=parts,
        stop_reason=_stop_reason(body, items, parts),
        model=body.model,
        usage=_usage(body.usage),
        response_id=body.id,
        raw_stop_reason=_raw_stop_reason(body),
        wire_copy=WireCopy(WIRE_FORMAT, f"[{','.join(texts)}]"),
        details=details,
    )


def reasoning_text(item: dict[str, Any]) -> str:
    """What is shown of a reasoning item: its summaries, then its plain content."""
    pieces = [*(item.get("summary") or ()), *(item.get("content") or ())]
    return "\n\n".join(piece["text"] for piece in pieces if piece.get("text"))


def _make_ids_unique(items: list[dict[str, Any]], texts: list[str]) -> None:
    """Write minted ids into the items, and into their texts where one had to be minted."""
    places = [place for place, item in enumerate(items) if item.get("type") == "function_call"]
    unique = unique_call_ids([items[place].get("call_id") or "" for place in places])
    for place, call_id in zip(places, unique, strict=True):
        if items[place].get("call_id") != call_id:
            items[place]["call_id"] = call_id
            texts[place] = msgspec.json.encode(items[place]).decode()


def _parts(item: dict[str, Any], text: str) -> list[Part]:
    match item.get("type"):
        case "message":
            return [_content_part(piece) for piece in item.get("content") or ()]
        case "reasoning":
            return [ReasoningPart(reasoning_text(item))]
        case "function_call":
            return [ToolCallPart(item["call_id"], item["name"], item.get("arguments") or "")]
        case other:
            return [OpaquePart(str(other), text)]


def _content_part(piece: dict[str, Any]) -> Part:
    match piece.get("type"):
        case "output_text":
            return TextPart(piece["text"])
        case "refusal":
            return RefusalPart(piece["refusal"])
        case other:
            return OpaquePart(str(other), msgspec.json.encode(piece).decode())


def _stop_reason(body: ResponseBody, items: list[dict[str, Any]], parts: tuple[Part, ...]) -> StopReason:
    """An unknown reason for being incomplete counts as `length`: whatever it is, the response is not whole."""
    if body.status == "incomplete":
        return "filtered" if _raw_stop_reason(body) == "content_filter" else "length"
    if any(item.get("type") == "function_call" and item.get("status") == "incomplete" for item in items):
        return "length"
    if any(isinstance(part, ToolCallPart) for part in parts):
        return "tool_calls"
    is_refusal = any(isinstance(part, RefusalPart) for part in parts)
    return "refused" if is_refusal and not any(isinstance(part, TextPart) for part in parts) else "answered"


def _raw_stop_reason(body: ResponseBody) -> str:
    reason = (body.incomplete_details or {}).get("reason")
    return str(reason) if body.status == "incomplete" and reason else body.status


def _usage(usage: dict[str, Any] | None) -> Usage | None:
    if not usage:
        return None
    read = usage.get("input_tokens_details") or {}
    written = usage.get("output_tokens_details") or {}
    return msgspec.convert(
        {
            "input_tokens": usage.get("input_tokens") or 0,
            "output_tokens": usage.get("output_tokens") or 0,
            "cached_tokens": read.get("cached_tokens") or 0,
            "cache_write_tokens": read.get("cache_write_tokens") or 0,
            "reasoning_tokens": written.get("reasoning_tokens") or 0,
        },
        Usage,
    )
