"""What was said, in the parts that the conventions have for it."""

import json
from collections.abc import Iterable
from typing import Any, assert_never

from workbench.core.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import AssistantMessage, Message, ToolResultsMessage, UserMessage


def message_parts(messages: Iterable[Message]) -> list[JsonValue]:
    """The messages, each with its role and its parts."""
    return [_message(message) for message in messages]


def text_part(text: str) -> JsonObject:
    """Plain text."""
    return {"type": "text", "content": text}


def value_of(text: str) -> JsonValue:
    """The JSON value that the text spells, or the text itself where it is none."""
    try:
        found: Any = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, dict) else text


def definition(document: JsonObject) -> JsonObject:
    """A tool as the conventions describe one."""
    known = {"type": "function", "name": document.get("name", ""), "parameters": document.get("inputSchema", {})}
    about = document.get("description")
    return {**known, "description": about} if about else known


def _message(message: Message) -> JsonObject:
    match message:
        case UserMessage():
            return {"role": "user", "parts": [text_part(message.text)]}
        case AssistantMessage():
            return {"role": "assistant", "parts": [_part(part) for part in message.parts]}
        case ToolResultsMessage():
            return {
                "role": "tool",
                "parts": [
                    {"type": "tool_call_response", "id": result.wire_call_id, "response": result.text}
                    for result in message.results
                ],
            }
        case _:
            assert_never(message)


def _part(part: Part) -> JsonObject:
    match part:
        case TextPart():
            return text_part(part.text)
        case ReasoningPart():
            return {"type": "reasoning", "content": part.text}
        case RefusalPart():
            return {"type": "refusal", "content": part.text}
        case ToolCallPart():
            return {
                "type": "tool_call",
                "id": part.wire_call_id,
                "name": part.tool,
                "arguments": value_of(part.arguments_json),
            }
        case OpaquePart():
            return {"type": "server_tool_call_response", "name": part.label, "content": part.json}
        case _:
            assert_never(part)
