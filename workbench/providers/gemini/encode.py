"""ModelRequest → generateContent body. Pure.

Choices made here: the answer is always streamed, which the path says; `toolConfig` is sent whenever tools are.
Schemas go as `parametersJsonSchema`, which takes plain JSON Schema; only an export rewrites them for the older
`parameters`. All results of a round go into one message. Calls that no thought signature came with, because another
model made them, get the signature that the vendor documents for that.
"""

from collections.abc import Collection

import msgspec

from workbench.core.content import ToolCallPart, spoken_text
from workbench.core.exchange import ModelRequest, WireRequest
from workbench.core.ids import WireFormat
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import AssistantMessage, Attachment, ToolResult, ToolResultsMessage, UserMessage
from workbench.core.tool import Tool
from workbench.core.tool_choice import ToolChoice
from workbench.providers.body_json import body_text, raw_json
from workbench.providers.call_ids import RequestCallIds
from workbench.providers.door import object_of, text_of
from workbench.providers.gemini.models import PLACES, checks_signatures, model_path, takes_pictures
from workbench.providers.parameter_place import add_parameters
from workbench.providers.parameters import object_parameters
from workbench.providers.sent_back import sent_input, sent_name, sent_result
from workbench.providers.sent_pictures import PICTURES, SentPictures

WIRE_FORMAT = WireFormat("gemini")
SIGNATURE = "thoughtSignature"
FOREIGN_SIGNATURE = "skip_thought_signature_validator"
_PICTURES = PICTURES - {"image/gif"}


def encode(request: ModelRequest) -> WireRequest:
    """The request this wire sends. Settings that are tables are joined with what is in the body already."""
    body: JsonObject = {"contents": _contents(request)}
    if request.instructions:
        body["systemInstruction"] = {"parts": [{"text": request.instructions}]}
    if request.tools:
        body["tools"] = [{"functionDeclarations": [encode_tool(tool) for tool in request.tools]}]
        body["toolConfig"] = {"functionCallingConfig": encode_tool_choice(request.tool_choice)}
    if request.max_output_tokens is not None:
        body["generationConfig"] = {"maxOutputTokens": request.max_output_tokens}
    add_parameters(body, request.parameters, request.settings, PLACES, joins_all=True)
    return WireRequest(WIRE_FORMAT, f"/{model_path(request.model)}:streamGenerateContent?alt=sse", body_text(body))


def encode_tool(tool: Tool, strict: bool | None = None) -> JsonObject:
    """The tool as this wire declares it, without a schema where it takes nothing.

    There is no strict mode. `strict` says that the schema was rewritten for `parameters`, the vendor's own kind.
    """
    encoded: JsonObject = {"name": tool.name}
    if tool.description:
        encoded["description"] = tool.description
    schema = object_parameters(tool)
    if schema not in ({"type": "object"}, {"type": "object", "properties": {}}):
        encoded["parameters" if strict else "parametersJsonSchema"] = schema
    return encoded


def encode_tool_choice(choice: ToolChoice) -> JsonObject:
    """The mode, and the names it is confined to: only `ANY` and `VALIDATED`, which may answer in text, take names."""
    if choice.mode == "none":
        return {"mode": "NONE"}
    if not choice.only:
        return {"mode": "ANY" if choice.mode == "required" else "AUTO"}
    mode = "ANY" if choice.mode == "required" else "VALIDATED"
    return {"mode": mode, "allowedFunctionNames": list(choice.only)}


def _contents(request: ModelRequest) -> list[JsonValue]:
    contents: list[JsonValue] = []
    ids = RequestCallIds()
    pictures = SentPictures(request, _PICTURES if takes_pictures(request.model) else ())
    for message in request.messages:
        match message:
            case UserMessage(text=text):
                contents.append({"role": "user", "parts": [{"text": text}]})
            case AssistantMessage():
                parts = _model_parts(message, ids, request.model, request.tools.names)
                if parts:
                    contents.append({"role": "model", "parts": parts})
            case ToolResultsMessage(results=results):
                contents.append(
                    {
                        "role": "user",
                        "parts": [_result(request, result, pictures.of(result), ids) for result in results],
                    }
                )
    return contents


def _result(
    request: ModelRequest, result: ToolResult, pictures: Collection[Attachment], ids: RequestCallIds
) -> JsonObject:
    key = "error" if result.is_error else "output"
    response: JsonObject = {
        "id": ids.of_result(result.wire_call_id),
        "name": sent_name(result.tool, request.tools.names),
        "response": {key: sent_result(result, pictures)},
    }
    if pictures:
        response["parts"] = [{"inlineData": {"mimeType": one.mime_type, "data": one.data}} for one in pictures]
    return {"functionResponse": response}


def _model_parts(message: AssistantMessage, ids: RequestCallIds, model: str, offered: Collection[str]) -> JsonValue:
    """The vendor's own parts as they came where there are any, as far as the API takes them; else the parts, without
    what only another vendor knows."""
    given = [call.wire_call_id for call in message.calls]
    copy = message.wire_copy
    if copy is not None and copy.wire_format == WIRE_FORMAT:
        sent = ids.of_message(given, is_foreign=False)
        parts: list[JsonObject] = msgspec.json.decode(copy.json)
        accepted = _accepted(parts, dict(zip(given, sent, strict=True)), model, offered)
        return raw_json(copy.json) if parts and accepted == parts else list[JsonValue](accepted)
    made: list[JsonObject] = []
    call_ids = iter(ids.of_message(given, is_foreign=True))
    for part in message.parts:
        if isinstance(part, ToolCallPart):
            name, arguments = sent_name(part.tool, offered), sent_input(part.arguments_json)
            made.append({"functionCall": {"id": next(call_ids), "name": name, "args": arguments}})
        elif text := spoken_text(part):
            made.append({"text": text})
    return list[JsonValue](_signed(made, model))


def _accepted(parts: list[JsonObject], sent: dict[str, str], model: str, offered: Collection[str]) -> list[JsonObject]:
    """The parts with ids that are unique in the request, names that a tool can have, and a signature where one is
    checked for."""
    accepted: list[JsonObject] = []
    for part in parts:
        if "functionCall" in part:
            call = object_of(part["functionCall"])
            call_id, name = text_of(call.get("id")), sent_name(text_of(call.get("name")), offered)
            part = {**part, "functionCall": {**call, "id": sent.get(call_id, call_id), "name": name}}
        accepted.append(part)
    return _signed(accepted, model)


def _signed(parts: list[JsonObject], model: str) -> list[JsonObject]:
    """The parts, the first call signed. Of parallel calls only the first one ever is."""
    first = next((place for place, part in enumerate(parts) if "functionCall" in part), None)
    if first is None or SIGNATURE in parts[first] or not checks_signatures(model):
        return parts
    return [*parts[:first], {**parts[first], SIGNATURE: FOREIGN_SIGNATURE}, *parts[first + 1 :]]
