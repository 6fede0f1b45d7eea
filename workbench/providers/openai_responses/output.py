"""The output items of a response → parts and the copy to send back: shared by `decode` and `stream`."""

from workbench.core.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.exchange import ModelResponse, StopReason, Usage
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import WireCopy
from workbench.providers.answer import cut_off
from workbench.providers.body_json import body_text
from workbench.providers.call_ids import same_arguments, unique_call_ids
from workbench.providers.door import arguments_of, object_of, objects_of, text_of, usage_of
from workbench.providers.ending import judged_by_content
from workbench.providers.openai_responses.encode import WIRE_FORMAT
from workbench.providers.openai_responses.failures import kind_of
from workbench.providers.openai_responses.items import Item
from workbench.providers.openai_responses.tool_search import searches_of
from workbench.providers.wire_failure import ErrorDetail, error_detail, failure_of_detail

_WHOLE = ("completed", "succeeded", "success", "done")
_WHOLE_CALL = ("", "completed", "in_progress")


def response_of(body: JsonObject, items: list[Item], *, remarks: tuple[str, ...] = ()) -> ModelResponse:
    """The response. Raises `ProviderFailure` when it failed or has not ended."""
    status = text_of(body.get("status"))
    detail = error_detail({"error": body.get("error")}) if body.get("error") else ErrorDetail()
    if status == "failed" or detail != ErrorDetail():
        raise failure_of_detail(detail, kind_of)
    if status not in (*_WHOLE, "incomplete"):
        raise cut_off(f"the response is {status or 'without a status'}")
    items = _sound_calls(items)
    parts = tuple(part for item in items for part in _parts(item.document, item.text))
    return ModelResponse(
        parts=parts,
        stop_reason=_stop_reason(body, [item.document for item in items], parts),
        model=text_of(body.get("model")),
        usage=_usage(object_of(body.get("usage"))),
        response_id=text_of(body.get("id")),
        raw_stop_reason=_raw_stop_reason(body),
        wire_copy=WireCopy(WIRE_FORMAT, f"[{','.join(item.text for item in items)}]"),
        details={key: body[key] for key in ("service_tier", "incomplete_details") if body.get(key)},
        searches=searches_of([item.document for item in items]),
        remarks=remarks,
    )


def reasoning_text(item: JsonObject) -> str:
    """What is shown of a reasoning item: its summaries, then its plain content, where that differs."""
    summary, content = _words(item.get("summary")), _words(item.get("content"))
    if says_the_same(content, summary):
        return summary if len(summary) >= len(content) else content
    return "\n\n".join(text for text in (summary, content) if text)


def says_the_same(one: str, other: str) -> bool:
    """Whether two versions of some reasoning have the same words; spaces do not count."""
    return "".join(one.split()) == "".join(other.split())


def _words(pieces: JsonValue) -> str:
    if isinstance(pieces, str):
        return pieces
    texts = [text_of(piece.get("text")) for piece in objects_of(pieces)]
    texts += [piece for piece in pieces if isinstance(piece, str)] if isinstance(pieces, list) else []
    return "\n\n".join(text for text in texts if text)


def _sound_calls(items: list[Item]) -> list[Item]:
    """The items, each call with the text it should have and an id that can be used, also in its JSON where something
    had to be changed. A call that is there twice, with its id, name and arguments, is one call."""
    kept: list[Item] = []
    for item in map(_sound, items):
        if not any(_is_same(item.document, other.document) for other in kept):
            kept.append(item)
    calls = [item.document for item in kept if _is_call(item.document)]
    unique = iter(unique_call_ids([text_of(call["call_id"]) for call in calls]))
    return [_with(item, call_id=next(unique)) if _is_call(item.document) else item for item in kept]


def _sound(item: Item) -> Item:
    call = item.document
    if not _is_call(call):
        return item
    texts = {key: text_of(call.get(key)) for key in ("id", "call_id", "name") if key != "id" or key in call}
    return _with(item, **texts, arguments=arguments_of(call.get("arguments")))


def _with(item: Item, **texts: str) -> Item:
    changed = {**item.document, **texts}
    return item if changed == item.document else Item.of(changed)


def _is_call(document: JsonObject) -> bool:
    return document.get("type") == "function_call"


def _is_same(call: JsonObject, other: JsonObject) -> bool:
    return (
        _is_call(call)
        and _is_call(other)
        and bool(call["call_id"])
        and call["call_id"] == other["call_id"]
        and call["name"] == other["name"]
        and same_arguments(text_of(call["arguments"]), text_of(other["arguments"]))
    )


def _parts(item: JsonObject, text: str) -> list[Part]:
    match item.get("type"):
        case "message" if isinstance(item.get("content"), str):
            return [TextPart(text_of(item["content"]))]
        case "message":
            return [_content_part(piece) for piece in objects_of(item.get("content"))]
        case "reasoning":
            return [ReasoningPart(reasoning_text(item))]
        case "function_call":
            return [ToolCallPart(text_of(item["call_id"]), text_of(item["name"]), text_of(item["arguments"]))]
        case other:
            return [OpaquePart(text_of(other), text)]


def _content_part(piece: JsonObject) -> Part:
    match piece.get("type"):
        case "output_text" | "text":
            return TextPart(text_of(piece.get("text")))
        case "refusal":
            return RefusalPart(text_of(piece.get("refusal")))
        case other:
            return OpaquePart(text_of(other), body_text(piece))


def _stop_reason(body: JsonObject, items: list[JsonObject], parts: tuple[Part, ...]) -> StopReason:
    """An unknown reason for being incomplete counts as `length`: whatever it is, the response is not whole."""
    if body.get("status") == "incomplete":
        return "filtered" if _raw_stop_reason(body) == "content_filter" else "length"
    calls = filter(_is_call, items)
    if any(text_of(call.get("status")) not in _WHOLE_CALL for call in calls):
        return "length"
    return judged_by_content(parts)


def _raw_stop_reason(body: JsonObject) -> str:
    status = text_of(body.get("status"))
    reason = text_of(object_of(body.get("incomplete_details")).get("reason"))
    return reason if status == "incomplete" and reason else status


def _usage(usage: JsonObject) -> Usage | None:
    read, written = object_of(usage.get("input_tokens_details")), object_of(usage.get("output_tokens_details"))
    return usage_of(
        read=usage.get("input_tokens"),
        written=usage.get("output_tokens"),
        cached=read.get("cached_tokens"),
        cache_written=read.get("cache_write_tokens"),
        reasoning=written.get("reasoning_tokens"),
    )
