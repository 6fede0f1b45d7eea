"""Messages from telemetry and frameworks, converted to Chat Completions, which all of them resemble."""

from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, JsonValue, compact, parse_strict, whole_number

_ROLES = {
    "human": "user",
    "humanmessage": "user",
    "ai": "assistant",
    "aimessage": "assistant",
    "model": "assistant",
    "systemmessage": "system",
    "toolmessage": "tool",
    "function": "tool",
}


def chat_messages(value: JsonValue) -> list[JsonValue]:
    """The messages of a list or of a JSON text, or the one message; results in parts become separate messages."""
    held = parsed(value)
    if isinstance(held, dict) and isinstance(inner := held.get("messages"), list | dict):
        held = inner
    if isinstance(held, dict) and held and all(key.isdecimal() for key in held):
        held = [held[key] for key in sorted(held, key=int)]
    if isinstance(held, list) and len(held) == 1 and isinstance(held[0], list):
        held = held[0]
    rows = held if isinstance(held, list) else [held] if isinstance(held, dict) else []
    return [message for row in rows if isinstance(row, dict) for message in _chat(row)]


def parsed(value: JsonValue) -> JsonValue:
    """A value, or the value of a JSON text."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        return parse_strict(value)
    except MalformedJson:
        return value


def rows_of(value: JsonValue) -> list[JsonObject]:
    """The objects of a list, or of an object with numbers for keys."""
    if isinstance(value, dict):
        value = [value[key] for key in sorted((key for key in value if whole_number(key) is not None), key=int)]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _chat(row: JsonObject) -> list[JsonValue]:
    for key in ("message", "data", "kwargs"):
        if isinstance(inner := row.get(key), dict):
            role = row.get("role", row.get("type"))
            if key == "kwargs" and isinstance(names := row.get("id"), list) and names:
                role = str(names[-1])
            return _chat({"role": role, **inner} if key != "message" else inner)
    role = str(row.get("role") or row.get("type") or "user").casefold()
    role = _ROLES.get(role.removesuffix("chunk"), role)
    if isinstance(parts := row.get("parts"), list):
        return _of_parts(role, rows_of(parts))
    calls: list[JsonValue] = [_call(one) for one in rows_of(row.get("tool_calls"))]
    content = row.get("content")
    if isinstance(content, dict):
        content = compact(content)
    if role == "tool":
        call_id = row.get("tool_call_id") or row.get("id") or row.get("name")
        return [{"role": "tool", "tool_call_id": call_id, "content": content}]
    message: JsonObject = {"role": role, "content": content}
    return [{**message, "tool_calls": calls} if calls and role == "assistant" else message]


def _of_parts(role: str, parts: list[JsonObject]) -> list[JsonValue]:
    said = [str(part.get("content")) for part in parts if part.get("type") == "text"]
    calls: list[JsonValue] = [_call(part) for part in parts if part.get("type") == "tool_call"]
    results: list[JsonValue] = []
    for part in parts:
        if part.get("type") == "tool_call_response":
            held = part.get("response", part.get("result"))
            text = held if isinstance(held, str) else compact(held)
            results.append({"role": "tool", "tool_call_id": part.get("id"), "content": text})
    if results:
        return results
    message: JsonObject = {"role": role, "content": "\n".join(said) or None}
    return [{**message, "tool_calls": calls} if calls else message]


def _call(row: JsonObject) -> JsonObject:
    held = row.get("tool_call")
    inner = held if isinstance(held, dict) else row
    function = inner.get("function")
    body = function if isinstance(function, dict) else inner
    arguments = body.get("arguments", body.get("args", {}))
    text = arguments if isinstance(arguments, str) else compact(arguments)
    return {
        "id": inner.get("id") or row.get("id"),
        "type": "function",
        "function": {"name": body.get("name"), "arguments": text},
    }
