"""Logged requests of Chat Completions, read back. Pure."""

from workbench.core.json_text import JsonObject
from workbench.providers.door import text_of
from workbench.providers.logged import (
    LoggedEntry,
    LoggedRequest,
    LoggedResult,
    LoggedUser,
    LogReader,
    Texts,
    answer_body,
    messages_of,
)


def _is_request(body: JsonObject) -> bool:
    messages = body.get("messages")
    return isinstance(messages, list) and all(isinstance(one, dict) and "role" in one for one in messages)


def _read(body: JsonObject) -> LoggedRequest:
    texts = Texts()
    said: list[str] = []
    entries: list[LoggedEntry] = []
    for message in messages_of(body.get("messages")):
        match message.get("role"):
            case "system" | "developer":
                said.append(texts.of(message.get("content")))
            case "assistant" | "model":
                ending = "tool_calls" if message.get("tool_calls") or message.get("function_call") else "stop"
                entries.append(answer_body({"choices": [{"index": 0, "finish_reason": ending, "message": message}]}))
            case "tool" | "function":
                call = text_of(message.get("tool_call_id")) or text_of(message.get("name"))
                entries.append(LoggedResult(call, texts.of(message.get("content"))))
            case _:
                entries.append(LoggedUser(texts.of(message.get("content"))))
    return LoggedRequest(text_of(body.get("model")), "\n\n".join(said), tuple(entries), tuple(texts.lost))


LOGGED = LogReader("/chat/completions", _is_request, _read)
