"""The neutral conversation in Needle's form. Pure.

Needle holds one conversation and writes its own side: it gets texts, and after its calls the list of their
results. So a conversation becomes {"system", "tools", "inputs"}, the inputs being what the person
said and what the tools returned; what assistants said cannot be given to it and is left out. So that it goes on
from what was really called, `called` says for each input which tools were called after it. `must_call` are the
tools of which one has to be called now. Needle has no sampling, so there are no parameters and
no settings: those of the project are named in `ignored_settings`.
"""

import json

from workbench.core.errors import MalformedJson, ProjectError, UsageError
from workbench.core.exchange import ModelRequest, WireRequest
from workbench.core.ids import WireFormat
from workbench.core.json_text import JsonObject, JsonValue, compact, parse_strict
from workbench.core.message import AssistantMessage, ToolResult, ToolResultsMessage, UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.providers.sent_back import sent_note

WIRE_FORMAT = WireFormat("local")
MAX_NEW_TOKENS = 512
MAX_INPUT_CHARS = 20_000
MAX_RESULT_CHARS = 4_000
_MAX_INLINE_DEPTH = 8


def encode(request: ModelRequest) -> WireRequest:
    """The request for the worker. `first_call` numbers the calls of the answer over the conversation.

    Raises `UsageError` for an empty conversation.
    """
    inputs: list[JsonValue] = []
    called: list[JsonValue] = []
    calls = 0
    for number, message in enumerate(request.messages):
        match message:
            case UserMessage():
                inputs.append(_text(message.text))
                called.append([])
            case AssistantMessage():
                calls += len(message.calls)
                if called and isinstance(request.messages[number - 1], UserMessage):
                    called[-1] = list[JsonValue](dict.fromkeys(call.tool for call in message.calls))
            case ToolResultsMessage():
                inputs.append(_text(compact([_result(result) for result in message.results])))
                called.append([])
    if not inputs:
        raise UsageError("the conversation is empty", hint="Type a message first.")
    body: JsonObject = {
        "model": request.model,
        "system": _text(request.instructions),
        "tools": needle_tools(request.tools),
        "inputs": inputs,
        "max_new_tokens": request.max_output_tokens or MAX_NEW_TOKENS,
        "first_call": calls + 1,
    }
    if any(called[:-1]):
        body["called"] = called[:-1]
    if request.tool_choice.mode == "required":
        body["must_call"] = list[JsonValue](request.tool_choice.only or request.tools.names)
        if isinstance(request.messages[-1], ToolResultsMessage):  # after results, Needle may always just answer
            inputs[-1] = _text(f"Results: {inputs[-1]}")
    if ignored := {**request.parameters, **request.settings}:
        body["ignored_settings"] = list[JsonValue](ignored)
    return WireRequest(WIRE_FORMAT, "needle", compact(body))


def needle_tools(tools: Toolset) -> list[JsonValue]:
    """The tools as Needle describes them: name, description, parameters, and triggers where there are any."""
    return [_tool(tool) for tool in tools]


def _tool(tool: Tool) -> JsonObject:
    definitions = {
        f"#/{key}/{name}": node
        for key in ("$defs", "definitions")
        if isinstance(found := tool.input_schema.get(key), dict)
        for name, node in found.items()
    }
    inlined = _inlined(tool.input_schema, definitions, 0)
    parameters = inlined if isinstance(inlined, dict) else {}
    kept = {key: value for key, value in parameters.items() if key not in ("$defs", "definitions", "$schema")}
    try:
        triggers = list[JsonValue](tool.triggers)
    except ProjectError as error:
        raise UsageError(error.message, hint="Correct the tool's file, or choose another model.") from None
    described: JsonObject = {
        "name": tool.name,
        "description": tool.description,
        "parameters": {"type": "object", **kept},
    }
    return described | {"triggers": triggers} if triggers else described


def _inlined(node: JsonValue, definitions: JsonObject, depth: int) -> JsonValue:
    """References replaced by what they stand for, since Needle does not follow them."""
    match node:
        case dict():
            reference = node.get("$ref")
            if isinstance(reference, str) and reference in definitions and depth < _MAX_INLINE_DEPTH:
                meant = _inlined(definitions[reference], definitions, depth + 1)
                beside = {key: value for key, value in node.items() if key != "$ref"}
                return {**meant, **beside} if isinstance(meant, dict) else meant
            return {key: _inlined(value, definitions, depth) for key, value in node.items()}
        case list():
            return [_inlined(item, definitions, depth) for item in node]
    return node


def _result(result: ToolResult) -> JsonValue:
    text, note = result.text, sent_note(result)
    if len(text) <= MAX_RESULT_CHARS:
        try:
            value = parse_strict(text)
            return [value, note] if note else value
        except MalformedJson:
            shown = text
    else:
        shown = f"{text[:MAX_RESULT_CHARS]} … ({len(text):,} characters)"
    return "\n".join(filter(None, (shown, note)))


def _text(text: str) -> str:
    if len(text) > MAX_INPUT_CHARS:
        raise UsageError(
            f"a text of {len(text):,} characters is more than the local model reads ({MAX_INPUT_CHARS:,})",
            hint="Shorten it, or choose another model.",
        )
    # The engine takes C strings: a null character would hide the rest, half a character cannot be written.
    return json.loads(json.dumps(text)).replace("\0", "�").encode("utf-8", "replace").decode("utf-8")  # type: ignore[no-any-return]
