"""Logged requests of Messages, read back. Pure."""

from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.door import object_of, objects_of, text_of
from workbench.providers.logged import (
    LoggedEntry,
    LoggedRequest,
    LoggedUser,
    LogReader,
    Texts,
    answer_body,
    logged_result,
    messages_of,
)

_OWN = frozenset(["system", "anthropic_version", "stop_sequences", "thinking"])
_BLOCKS = frozenset(["tool_use", "tool_result", "thinking"])


def _is_request(body: JsonObject) -> bool:
    messages = body.get("messages")
    if not isinstance(messages, list):
        return False
    tools = objects_of(body.get("tools"))
    blocks = [block for one in objects_of(messages) for block in objects_of(one.get("content"))]
    has_own = bool(body.keys() & _OWN) or any("input_schema" in tool for tool in tools)
    return has_own or any(block.get("type") in _BLOCKS for block in blocks)


def _read(body: JsonObject) -> LoggedRequest:
    texts = Texts()
    said = [texts.of(body.get("system"))]
    entries: list[LoggedEntry] = []
    for message in messages_of(body.get("messages")):
        content = message.get("content")
        match message.get("role"):
            case "assistant":
                calls = any(block.get("type") == "tool_use" for block in objects_of(content))
                ending = "tool_use" if calls else "end_turn"
                document: JsonObject = {"type": "message", "role": "assistant", "content": content}
                entries.append(answer_body({**document, "stop_reason": ending}))
            case "system":
                said.append(texts.of(content))
            case _:
                entries += _of_user(content, texts)
    return LoggedRequest(text_of(body.get("model")), "\n\n".join(filter(None, said)), tuple(entries), tuple(texts.lost))


def _of_user(content: JsonValue, texts: Texts) -> list[LoggedEntry]:
    """The results in a person's message, and what the person says."""
    if not isinstance(content, list):
        return [LoggedUser(text_of(content))]
    results = [block for block in objects_of(content) if block.get("type") == "tool_result"]
    rest: list[JsonValue] = [block for block in content if not (isinstance(block, dict) and block in results)]
    entries: list[LoggedEntry] = [
        logged_result(
            text_of(one.get("tool_use_id")),
            one.get("content"),
            texts,
            _picture,
            is_error=one.get("is_error") is True,
        )
        for one in results
    ]
    said = texts.of(rest)
    return [*entries, LoggedUser(said)] if said or not entries else entries


def _picture(block: JsonObject) -> tuple[str, str] | None:
    source = object_of(block.get("source"))
    data = source.get("data") if source.get("type") == "base64" else None
    return (text_of(source.get("media_type")), data) if isinstance(data, str) else None


LOGGED = LogReader("/messages", _is_request, _read)
