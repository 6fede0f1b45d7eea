"""ModelRequest → Chat Completions body. Pure.

Choices made here: `tool_choice` is sent whenever tools are, also as `auto`, because small servers take its
absence for "no tools". `parallel_tool_calls` is sent only to switch parallel calls off, because some models
refuse the mere key. Instructions are a `system` message, which every server knows and OpenAI reads as
`developer`. The content of an assistant message with calls is `""`, never null: small servers fail on null.
"""

from typing import Any

import msgspec

from workbench.core.content import RefusalPart, TextPart
from workbench.core.exchange import ModelRequest, WireRequest
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import AssistantMessage, ToolResultsMessage, UserMessage
from workbench.core.tool import Tool
from workbench.core.tool_choice import ToolChoice
from workbench.providers.body_json import body_text, raw_json
from workbench.providers.call_ids import RequestCallIds
from workbench.providers.openai_chat.models import settings_for_tools
from workbench.providers.parameters import object_parameters

WIRE_FORMAT = "openai_chat"
PATH = "/chat/completions"


def encode(request: ModelRequest, *, limit_key: str = "max_completion_tokens") -> WireRequest:
    """The request this wire sends. `limit_key` is the server's word for the limit of output tokens."""
    body: JsonObject = {"model": request.model, "messages": _messages(request)}
    if request.tools:
        body["tools"] = [encode_tool(tool) for tool in request.tools]
        body["tool_choice"] = encode_tool_choice(request.tool_choice)
        if not request.parallel_calls:
            body["parallel_tool_calls"] = False
        body.update(settings_for_tools(request.model))
    if request.max_output_tokens is not None:
        body[limit_key] = request.max_output_tokens
    body["stream"] = True
    body["stream_options"] = {"include_usage": True}
    body.update(request.settings)
    return WireRequest(WIRE_FORMAT, PATH, body_text(body))


def encode_tool(tool: Tool, strict: bool | None = None) -> JsonObject:
    """The tool as this wire defines it. `strict` overrides the tool's own wish; the schema is never rewritten."""
    function: JsonObject = {"name": tool.name}
    if tool.description:
        function["description"] = tool.description
    function["parameters"] = object_parameters(tool)
    wish = tool.strict if strict is None else strict
    if wish is not None:
        function["strict"] = wish
    return {"type": "function", "function": function}


def encode_tool_choice(choice: ToolChoice) -> JsonValue:
    """A string, one named function, or OpenAI's nested form for a subset."""
    if choice.mode == "none" or not choice.only:
        return choice.mode
    if choice.named is not None:
        return {"type": "function", "function": {"name": choice.named}}
    tools: list[JsonValue] = [{"type": "function", "function": {"name": name}} for name in choice.only]
    return {"type": "allowed_tools", "allowed_tools": {"mode": choice.mode, "tools": tools}}


def _messages(request: ModelRequest) -> list[JsonValue]:
    messages: list[JsonValue] = []
    if request.instructions:
        messages.append({"role": "system", "content": request.instructions})
    ids = RequestCallIds()
    for message in request.messages:
        match message:
            case UserMessage(text=text):
                messages.append({"role": "user", "content": text})
            case AssistantMessage():
                messages.append(_assistant(message, ids))
            case ToolResultsMessage(results=results):
                messages += [
                    {"role": "tool", "tool_call_id": ids.of_result(result.wire_call_id), "content": result.text}
                    for result in results
                ]
    return messages


def _assistant(message: AssistantMessage, ids: RequestCallIds) -> JsonValue:
    """The vendor's own copy unchanged where there is one; else the parts, without what only another vendor knows."""
    given = [call.wire_call_id for call in message.calls]
    copy = message.wire_copy
    if copy is not None and copy.wire_format == WIRE_FORMAT:
        sent = ids.of_message(given, is_foreign=False)
        return raw_json(copy.json) if sent == given else _renamed(copy.json, dict(zip(given, sent, strict=True)))
    text = "".join(part.text for part in message.parts if isinstance(part, (TextPart, RefusalPart)))
    encoded: JsonObject = {"role": "assistant", "content": text}
    if given:
        encoded["tool_calls"] = [
            {"id": sent, "type": "function", "function": {"name": call.tool, "arguments": call.arguments_json}}
            for call, sent in zip(message.calls, ids.of_message(given, is_foreign=True), strict=True)
        ]
    return encoded


def _renamed(copy_json: str, sent: dict[str, str]) -> JsonObject:
    document: dict[str, Any] = msgspec.json.decode(copy_json)
    for call in document["tool_calls"]:
        call["id"] = sent.get(call["id"], call["id"])
    return document
