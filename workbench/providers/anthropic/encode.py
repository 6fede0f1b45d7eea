"""ModelRequest → Messages body. Pure.

Choices made here: `tool_choice` is sent whenever tools are; switching parallel calls off is a flag inside it, which
`none` does not know; the API requires `max_tokens`, so 4096 is sent where none is set. All results of a round go into
one user message. Blank texts, empty assistant messages and pictures in errors are left out, because the API refuses
them. Changes of tools that are announced in the middle (`core/tool_changes.py`) leave the tools at the top as they are.
"""

from collections.abc import Collection

import msgspec

from workbench.core.content import ToolCallPart, spoken_text
from workbench.core.errors import UsageError
from workbench.core.exchange import ModelRequest, WireRequest
from workbench.core.ids import WireFormat
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import AssistantMessage, Attachment, ToolResult, ToolResultsMessage, UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_changes import ToolChanges, split_settings
from workbench.core.tool_choice import ToolChoice
from workbench.providers.anthropic.models import PLACES
from workbench.providers.anthropic.tool_changes import change_message
from workbench.providers.anthropic.tool_search import SEARCH_TOOL
from workbench.providers.body_json import body_text, raw_json
from workbench.providers.call_ids import RequestCallIds
from workbench.providers.door import text_of
from workbench.providers.parameter_place import add_parameters
from workbench.providers.parameters import object_parameters
from workbench.providers.sent_back import sent_input, sent_name, sent_result
from workbench.providers.sent_pictures import PICTURES, SentPictures

WIRE_FORMAT = WireFormat("anthropic_messages")
PATH = "/v1/messages"
DEFAULT_MAX_TOKENS = 4096


def encode(request: ModelRequest) -> WireRequest:
    """The request this wire sends. Raises `UsageError` for a choice among several tools."""
    body: JsonObject = {
        "model": request.model,
        "max_tokens": DEFAULT_MAX_TOKENS if request.max_output_tokens is None else request.max_output_tokens,
    }
    if request.instructions.strip():
        body["system"] = request.instructions
    settings, changes = split_settings(request.settings)
    body["messages"] = _messages(request, changes)
    tools = Toolset([Tool(document) for document in changes.before]) if changes is not None else request.tools
    if tools:
        body["tools"] = _tools(tools, request.deferred)
        body["tool_choice"] = encode_tool_choice(request.tool_choice, parallel_calls=request.parallel_calls)
    body["stream"] = True
    add_parameters(body, request.parameters, settings, PLACES)
    return WireRequest(WIRE_FORMAT, PATH, body_text(body))


def _tools(tools: Toolset, deferred: Collection[str]) -> list[JsonValue]:
    late: JsonObject = {"defer_loading": True}
    encoded = [encode_tool(tool) | (late if tool.name in deferred else {}) for tool in tools]
    return [*([SEARCH_TOOL] if deferred else []), *encoded]


def encode_tool(tool: Tool, strict: bool | None = None) -> JsonObject:
    """The tool as this wire defines it. `strict` overrides the tool's own setting; the schema is never rewritten."""
    encoded: JsonObject = {"name": tool.name}
    if tool.description:
        encoded["description"] = tool.description
    encoded["input_schema"] = object_parameters(tool)
    is_strict = tool.strict if strict is None else strict
    if is_strict is not None:
        encoded["strict"] = is_strict
    return encoded


def encode_tool_choice(choice: ToolChoice, *, parallel_calls: bool = True) -> JsonObject:
    """One of the four objects this wire knows. Raises `UsageError` for a choice it cannot express."""
    if choice.mode == "none":
        return {"type": "none"}
    if choice.named is not None:
        encoded: JsonObject = {"type": "tool", "name": choice.named}
    elif choice.only:
        raise UsageError(
            f"Anthropic Messages cannot express the tool choice {choice}",
            hint="Offer only those tools, and choose auto or required.",
        )
    else:
        encoded = {"type": "any" if choice.mode == "required" else "auto"}
    if not parallel_calls:
        encoded["disable_parallel_tool_use"] = True
    return encoded


def _messages(request: ModelRequest, changes: ToolChanges | None) -> list[JsonValue]:
    messages: list[JsonValue] = []
    ids = RequestCallIds()
    pictures = SentPictures(request, PICTURES, of_errors=False)
    for number, message in enumerate(request.messages, 1):
        match message:
            case UserMessage(text=text):
                messages.append({"role": "user", "content": text})
            case AssistantMessage():
                content = _assistant_content(message, ids, request.tools.names)
                if content:
                    messages.append({"role": "assistant", "content": content})
            case ToolResultsMessage(results=results):
                blocks: list[JsonValue] = [_result(result, pictures.of(result), ids) for result in results]
                messages.append({"role": "user", "content": blocks})
        if changes is not None and number >= changes.after and not isinstance(message, AssistantMessage):
            messages.append(change_message(changes, encode_tool))
            changes = None
    return messages


def _result(result: ToolResult, pictures: Collection[Attachment], ids: RequestCallIds) -> JsonObject:
    text = sent_result(result, pictures)
    said: list[JsonValue] = [{"type": "text", "text": text}] if text.strip() else []
    shown: list[JsonValue] = [
        {"type": "image", "source": {"type": "base64", "media_type": one.mime_type, "data": one.data}}
        for one in pictures
    ]
    block: JsonObject = {
        "type": "tool_result",
        "tool_use_id": ids.of_result(result.wire_call_id),
        "content": [*said, *shown] if shown else text,
    }
    if result.is_error:
        block["is_error"] = True
    return block


def _assistant_content(message: AssistantMessage, ids: RequestCallIds, offered: Collection[str]) -> JsonValue:
    """The vendor's own content as it came where there is one, as far as the API takes it; else the parts, without what
    only another vendor knows."""
    given = [call.wire_call_id for call in message.calls]
    copy = message.wire_copy
    if copy is not None and copy.wire_format == WIRE_FORMAT:
        sent = ids.of_message(given, is_foreign=False)
        raws = msgspec.json.decode(copy.json, type=list[msgspec.Raw])
        accepted = _accepted(raws, dict(zip(given, sent, strict=True)), offered)
        is_kept = len(accepted) == len(raws) and all(isinstance(block, msgspec.Raw) for block in accepted)
        return raw_json(copy.json) if raws and is_kept else accepted
    content: list[JsonValue] = []
    call_ids = iter(ids.of_message(given, is_foreign=True))
    for part in message.parts:
        if isinstance(part, ToolCallPart):
            name, arguments = sent_name(part.tool, offered), sent_input(part.arguments_json)
            content.append({"type": "tool_use", "id": next(call_ids), "name": name, "input": arguments})
        elif (text := spoken_text(part)).strip():
            content.append({"type": "text", "text": text})
    return content


def _accepted(raws: list[msgspec.Raw], sent: dict[str, str], offered: Collection[str]) -> list[JsonValue]:
    """The blocks without blank texts, with ids that are unique in the request and names that a tool can have. What is
    not changed stays as it came."""
    accepted: list[JsonValue] = []
    for raw in raws:
        block: JsonObject = msgspec.json.decode(raw)
        changed = block
        match block.get("type"):
            case "text" if not text_of(block.get("text")).strip():
                continue
            case "tool_use":
                call_id, name = text_of(block.get("id")), text_of(block.get("name"))
                changed = {**block, "id": sent.get(call_id, call_id), "name": sent_name(name, offered)}
        accepted.append(raw if changed == block else changed)  # type: ignore[arg-type]
    return accepted
