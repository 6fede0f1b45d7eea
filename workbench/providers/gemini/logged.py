"""Logged requests of generateContent, read back. Pure."""

from workbench.core.json_text import JsonObject
from workbench.providers.door import arguments_of, object_of, objects_of, text_of
from workbench.providers.logged import (
    LoggedEntry,
    LoggedRequest,
    LoggedResult,
    LoggedUser,
    LogReader,
    Texts,
    answer_body,
    logged_result,
    messages_of,
)


def _is_request(body: JsonObject) -> bool:
    contents = body.get("contents")
    return isinstance(contents, list) and all(isinstance(one, dict) and "parts" in one for one in contents)


def _read(body: JsonObject) -> LoggedRequest:
    texts = Texts()
    system = object_of(body.get("systemInstruction", body.get("system_instruction")))
    entries: list[LoggedEntry] = []
    for message in messages_of(body.get("contents")):
        parts = objects_of(message.get("parts", message.get("content")))
        if message.get("role") == "model":
            candidate: JsonObject = {
                "index": 0,
                "finishReason": "STOP",
                "content": {"role": "model", "parts": [*parts]},
            }
            entries.append(answer_body({"candidates": [candidate]}))
            continue
        responses = [object_of(part.get("functionResponse")) for part in parts if "functionResponse" in part]
        for one in responses:
            response = object_of(one.get("response"))
            text = arguments_of(response.get("output", response.get("result", response)))
            call = text_of(one.get("id")) or text_of(one.get("name"))
            pictures = logged_result(call, [*objects_of(one.get("parts"))], texts, _picture)
            entries.append(LoggedResult(call, text, attachments=pictures.attachments))
        rest = [part for part in parts if "functionResponse" not in part]
        if rest or not responses:
            entries.append(LoggedUser(texts.of([*rest])))
    return LoggedRequest(text_of(body.get("model")), texts.of(system.get("parts")), tuple(entries), tuple(texts.lost))


def _picture(part: JsonObject) -> tuple[str, str] | None:
    held = object_of(part.get("inlineData", part.get("inline_data")))
    data = held.get("data")
    return (text_of(held.get("mimeType", held.get("mime_type"))), data) if isinstance(data, str) else None


LOGGED = LogReader(":generateContent", _is_request, _read)
