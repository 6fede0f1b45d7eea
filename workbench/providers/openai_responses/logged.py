"""Logged requests of Responses, read back. Pure."""

from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.door import text_of
from workbench.providers.logged import (
    LoggedEntry,
    LoggedRequest,
    LoggedUser,
    LogReader,
    Texts,
    answer_body,
    grouped,
    logged_result,
    messages_of,
)


def _is_request(body: JsonObject) -> bool:
    is_named = isinstance(model := body.get("model"), str) and "embedding" not in model
    return is_named and "input" in body and "messages" not in body


def _is_answer(item: JsonObject) -> bool:
    """The model's own items: its messages, calls and reasoning, and nothing that comes back."""
    kind = text_of(item.get("type")) or "message"
    return item.get("role") == "assistant" if kind == "message" else not kind.endswith("_output")


def _read(body: JsonObject) -> LoggedRequest:
    texts = Texts()
    said = [text_of(body.get("instructions"))]
    entries: list[LoggedEntry] = []
    for items in grouped(messages_of(body.get("input")), _is_answer):
        item = items[0]
        if _is_answer(item):
            output: list[JsonValue] = [_whole(one, number) for number, one in enumerate(items)]
            entries.append(answer_body({"status": "completed", "output": output}))
        elif text_of(item.get("type")).endswith("_output"):
            entries.append(logged_result(text_of(item.get("call_id")), item.get("output"), texts, _picture))
        elif item.get("role") in ("system", "developer"):
            said.append(texts.of(item.get("content")))
        else:
            entries.append(LoggedUser(texts.of(item.get("content"))))
    return LoggedRequest(text_of(body.get("model")), "\n\n".join(filter(None, said)), tuple(entries), tuple(texts.lost))


def _whole(item: JsonObject, number: int) -> JsonObject:
    """An item as answers have it: a message's text in a list of parts."""
    content = item.get("content")
    if text_of(item.get("type")) not in ("", "message") or not isinstance(content, str):
        return item
    return {**item, "type": "message", "id": f"msg_{number}", "content": [{"type": "output_text", "text": content}]}


def _picture(part: JsonObject) -> tuple[str, str] | None:
    address = text_of(part.get("image_url"))
    return (address[5:].partition(";")[0], address) if address.startswith("data:") else None


LOGGED = LogReader("/responses", _is_request, _read)
