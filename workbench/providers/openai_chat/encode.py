"""ModelRequest → Chat Completions body. Pure.

Choices made here: `tool_choice` is sent whenever tools are, also as `auto`, because small servers take its
absence for "no tools". `parallel_tool_calls` is sent only to switch parallel calls off, because some models
refuse the mere key. Instructions are a `system` message, which every server knows and OpenAI reads as
`developer`. The content of an assistant message with calls is `""`, never null: small servers fail on null.
"""

from collections.abc import Collection
from typing import Any

import msgspec

from workbench.core.content import spoken_text
from workbench.core.exchange import ModelRequest, WireRequest
from workbench.core.ids import WireFormat
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import AssistantMessage, ToolResultsMessage, UserMessage
from workbench.core.tool import Tool
from workbench.core.tool_choice import ToolChoice
from workbench.providers.body_json import body_text, raw_json
from workbench.providers.call_ids import RequestCallIds
from workbench.providers.door import objects_of, text_of
from workbench.providers.openai_chat.models import PLACES, settings_for_tools
from workbench.providers.parameter_place import add_parameters
from workbench.providers.parameters import object_parameters
from workbench.providers.sent_back import sent_arguments, sent_name, sent_result

WIRE_FORMAT = WireFormat("openai_chat")
PATH = "/chat/completions"


def encode(request: ModelRequest, *, limit_key: str = "max_completion_tokens") -> WireRequest:
    """The request this wire sends. `limit_key` is the server's key for the limit of output tokens."""
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
    add_parameters(body, request.parameters, request.settings, PLACES)
    return WireRequest(WIRE_FORMAT, PATH, body_text(body))


def encode_tool(tool: Tool, strict: bool | None = None) -> JsonObject:
    """The tool as this wire defines it. `strict` overrides the tool's own setting; the schema is never rewritten."""
    function: JsonObject = {"name": tool.name}
    if tool.description:
        function["description"] = tool.description
    function["parameters"] = object_parameters(tool)
    is_strict = tool.strict if strict is None else strict
    if is_strict is not None:
        function["strict"] = is_strict
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
                encoded = _assistant(message, ids, request.tools.names)
                if encoded is not None:
                    messages.append(encoded)
            case ToolResultsMessage(results=results):
                messages += [
                    {"role": "tool", "tool_call_id": ids.of_result(result.wire_call_id), "content": sent_result(result)}
                    for result in results
                ]
    return messages


def _assistant(message: AssistantMessage, ids: RequestCallIds, offered: Collection[str]) -> JsonValue:
    """The vendor's own copy as it came where there is one, as far as servers take it; else the parts, without what
    only another vendor knows. None for a message with nothing in it, which many servers refuse."""
    given = [call.wire_call_id for call in message.calls]
    copy = message.wire_copy
    if copy is not None and copy.wire_format == WIRE_FORMAT:
        sent = ids.of_message(given, is_foreign=False)
        document: dict[str, Any] = msgspec.json.decode(copy.json)
        if not any(value for key, value in document.items() if key != "role"):
            return None
        accepted = _accepted(document, dict(zip(given, sent, strict=True)), offered)
        return raw_json(copy.json) if accepted == document else accepted
    text = "".join(map(spoken_text, message.parts))
    encoded: JsonObject = {"role": "assistant", "content": text}
    if given:
        encoded["tool_calls"] = [
            {"id": sent, "type": "function", "function": _function(call.tool, call.arguments_json, offered)}
            for call, sent in zip(message.calls, ids.of_message(given, is_foreign=True), strict=True)
        ]
    return encoded if text or given else None


def _accepted(document: JsonObject, sent: dict[str, str], offered: Collection[str]) -> JsonObject:
    """The copy with ids that are unique in the request, and functions that every server can read."""
    calls: list[JsonValue] = []
    for call in objects_of(document.get("tool_calls")):
        changed: JsonObject = {**call, "id": sent.get(text_of(call.get("id")), call.get("id"))}
        function = call.get("function")
        if isinstance(function, dict):
            name, arguments = text_of(function.get("name")), text_of(function.get("arguments"))
            changed["function"] = {**function, **_function(name, arguments, offered)}
        calls.append(changed)
    return {**document, "tool_calls": calls} if calls else document


def _function(name: str, arguments_json: str, offered: Collection[str]) -> JsonObject:
    return {"name": sent_name(name, offered), "arguments": sent_arguments(arguments_json)}
