"""ModelRequest → Responses body. Pure.

Choices made here: `store: false`, so reasoning comes back sealed in `encrypted_content` and is sent again in its
place; `strict` is always said, because leaving it out means "try it"; `tool_choice` is sent whenever tools are;
`parallel_tool_calls` only to switch parallel calls off.
"""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from workbench.core.content import spoken_text
from workbench.core.exchange import ModelRequest, WireRequest
from workbench.core.ids import WireFormat
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import AssistantMessage, Attachment, ToolResult, ToolResultsMessage, UserMessage
from workbench.core.tool import Tool
from workbench.core.tool_choice import ToolChoice
from workbench.providers.body_json import body_text, raw_json
from workbench.providers.call_ids import RequestCallIds
from workbench.providers.door import text_of
from workbench.providers.openai_responses.models import PLACES, seals_reasoning, takes_pictures
from workbench.providers.openai_responses.tool_search import SEARCH_TOOL
from workbench.providers.parameter_place import add_parameters
from workbench.providers.parameters import object_parameters
from workbench.providers.sent_back import sent_arguments, sent_name, sent_result
from workbench.providers.sent_pictures import PICTURES, SentPictures

WIRE_FORMAT = WireFormat("openai_responses")
PATH = "/responses"


def encode(request: ModelRequest) -> WireRequest:
    """The request this wire sends."""
    body: JsonObject = {"model": request.model}
    if request.instructions:
        body["instructions"] = request.instructions
    body["input"] = _input(request)
    if request.tools:
        body["tools"] = _tools(request)
        body["tool_choice"] = encode_tool_choice(request.tool_choice)
        if not request.parallel_calls:
            body["parallel_tool_calls"] = False
    if request.max_output_tokens is not None:
        body["max_output_tokens"] = request.max_output_tokens
    body["store"] = False
    if seals_reasoning(request.model):
        body["include"] = ["reasoning.encrypted_content"]
    body["stream"] = True
    add_parameters(body, request.parameters, request.settings, PLACES)
    return WireRequest(WIRE_FORMAT, PATH, body_text(body))


def _tools(request: ModelRequest) -> list[JsonValue]:
    late: JsonObject = {"defer_loading": True}
    tools = [encode_tool(tool) | (late if tool.name in request.deferred else {}) for tool in request.tools]
    return [*tools, *([SEARCH_TOOL] if request.deferred else [])]


def encode_tool(tool: Tool, strict: bool | None = None) -> JsonObject:
    """The tool as this wire defines it. `strict` overrides the tool's own setting; the schema is never rewritten."""
    encoded: JsonObject = {"type": "function", "name": tool.name}
    if tool.description:
        encoded["description"] = tool.description
    encoded["parameters"] = object_parameters(tool)
    encoded["strict"] = bool(tool.strict if strict is None else strict)
    return encoded


def encode_tool_choice(choice: ToolChoice) -> JsonValue:
    """A string, one named function, or OpenAI's flat form for a subset."""
    if choice.mode == "none" or not choice.only:
        return choice.mode
    if choice.named is not None:
        return {"type": "function", "name": choice.named}
    tools: list[JsonValue] = [{"type": "function", "name": name} for name in choice.only]
    return {"type": "allowed_tools", "mode": choice.mode, "tools": tools}


def _input(request: ModelRequest) -> list[JsonValue]:
    items: list[JsonValue] = []
    ids = RequestCallIds()
    pictures = SentPictures(request, PICTURES if takes_pictures(request.model) else ())
    for message in request.messages:
        match message:
            case UserMessage(text=text):
                items.append({"role": "user", "content": text})
            case AssistantMessage():
                items += _assistant(message, ids, request.tools.names)
            case ToolResultsMessage(results=results):
                items += [
                    {
                        "type": "function_call_output",
                        "call_id": ids.of_result(result.wire_call_id),
                        "output": _output(result, pictures.of(result)),
                    }
                    for result in results
                ]
    return items


def _output(result: ToolResult, pictures: Collection[Attachment]) -> JsonValue:
    text = sent_result(result, pictures)
    shown: list[JsonValue] = [
        {"type": "input_image", "image_url": f"data:{one.mime_type};base64,{one.data}"} for one in pictures
    ]
    said: list[JsonValue] = [{"type": "input_text", "text": text}] if text.strip() else []
    return [*said, *shown] if shown else text


def _assistant(message: AssistantMessage, ids: RequestCallIds, offered: Collection[str]) -> list[JsonValue]:
    """The vendor's own items where there are any; else the parts, without what only another vendor knows."""
    given = [call.wire_call_id for call in message.calls]
    copy = message.wire_copy
    if copy is not None and copy.wire_format == WIRE_FORMAT:
        sent = dict(zip(given, ids.of_message(given, is_foreign=False), strict=True))
        return _replayed(msgspec.json.decode(copy.json, type=list[msgspec.Raw]), sent, offered)
    items: list[JsonValue] = []
    text = "".join(map(spoken_text, message.parts))
    if text:
        items.append({"role": "assistant", "content": text})
    for call, call_id in zip(message.calls, ids.of_message(given, is_foreign=True), strict=True):
        items.append(
            {"type": "function_call", "call_id": call_id, **_function(call.tool, call.arguments_json, offered)}
        )
    return items


def _replayed(copy: Sequence[msgspec.Raw], sent: dict[str, str], offered: Collection[str]) -> list[JsonValue]:
    """The items as they came, but for what the vendor refuses to read again.

    A reasoning item without sealed or plain content is only a name for something that was never stored; it is
    left out, and the items after it lose the ids that tie them to it. So is reasoning nothing follows.
    """
    items: list[dict[str, Any]] = [msgspec.json.decode(raw) for raw in copy]
    while items and items[-1].get("type") == "reasoning":
        items.pop()
    replayed: list[JsonValue] = []
    has_lost_reasoning = False
    for raw, item in zip(copy, items, strict=False):
        changed = dict(item)
        if item.get("type") == "reasoning":
            if item.get("encrypted_content"):
                if item.get("content"):
                    del changed["content"]
            elif not item.get("content"):
                has_lost_reasoning = True
                continue
        elif has_lost_reasoning:
            changed.pop("id", None)
        if item.get("type") == "function_call":
            changed["call_id"] = sent.get(item["call_id"], item["call_id"])
            changed |= _function(text_of(item.get("name")), text_of(item.get("arguments")), offered)
        replayed.append(raw_json(bytes(raw).decode()) if changed == item else changed)
    return replayed


def _function(name: str, arguments_json: str, offered: Collection[str]) -> JsonObject:
    return {"name": sent_name(name, offered), "arguments": sent_arguments(arguments_json)}
