"""What goes back is exact where servers take it, and made acceptable where they would refuse the whole request."""

import json
from typing import Any

import pytest

from tests.contract.formats import FORMATS, read_pieces
from tests.contract.invented import request, results, sent
from tests.contract.odd_pieces import anthropic, chat, chat_call, chunk, completed, events, responses_call, tool_use
from workbench.core.content import TextPart, ToolCallPart
from workbench.core.exchange import ModelResponse
from workbench.core.message import AssistantMessage, UserMessage
from workbench.core.tool import Tool, Toolset

every_wire = pytest.mark.parametrize("wire", sorted(FORMATS.keys() - {"gemini"}))  # there, arguments are never a text
HI = UserMessage("Hi.")


def answered(wire: str, *, name: Any = "get_time", arguments: str = "{}") -> ModelResponse:
    """A response of that wire with one call."""
    function = {"name": name, "arguments": arguments}
    match wire:
        case "openai_chat":
            return chat(chunk({"tool_calls": [chat_call(function=function)]}, "tool_calls"))[1]
        case "openai_responses":
            return read_pieces(FORMATS[wire], [events(completed(responses_call(**function)))])[1]
        case "anthropic_messages":
            return anthropic({"type": "text", "text": ""}, tool_use(arguments, name=name))
    pytest.fail(f"there is no example of {wire}")


def call_sent(wire: str, message: AssistantMessage, **more: Any) -> tuple[str, Any]:
    """The name and the arguments of the one call in the next request, read as its server reads them."""
    body = sent(wire, request("m", messages=(HI, message), **more))
    match wire:
        case "openai_chat":
            function = body["messages"][-1]["tool_calls"][0]["function"]
            return function["name"], json.loads(function["arguments"])
        case "openai_responses":
            return body["input"][-1]["name"], json.loads(body["input"][-1]["arguments"])
        case "anthropic_messages":
            (block,) = body["messages"][-1]["content"]
            return block["name"], block["input"]
    pytest.fail(f"there is no example of {wire}")


BROKEN = [
    '{"city": Oslo',
    "Oslo",
    '["Oslo"]',
    "7",
    "null",
    '{"a":NaN}',
    '{"a":"\\ud800"}',
    '{"a":1}{"a":1}',
    "\x00",
    "{" * 2_000,
]


@every_wire
@pytest.mark.parametrize("arguments", BROKEN, ids=range(len(BROKEN)))
def test_arguments_that_are_no_object_go_back_inside_one_and_stay_raw_in_the_log(wire: str, arguments: str) -> None:
    response = answered(wire, arguments=arguments)
    assert [call.arguments_json for call in response.calls] == [arguments]
    for message in (response.message, AssistantMessage(response.parts)):
        assert call_sent(wire, message) == ("get_time", {"malformed_arguments": arguments})


@every_wire
@pytest.mark.parametrize("arguments", ["", " ", "\n"])
def test_no_arguments_go_back_as_an_empty_object(wire: str, arguments: str) -> None:
    function = ToolCallPart("a", "get_time", arguments)
    assert call_sent(wire, AssistantMessage((function,))) == ("get_time", {})
    if wire != "anthropic_messages":
        assert call_sent(wire, answered(wire, arguments=arguments).message) == ("get_time", {})


@every_wire
def test_good_arguments_go_back_as_they_came(wire: str) -> None:
    arguments = '{"n" : 1.0, "big":9223372036854775807, "e":"\\u00e9"}'
    response = answered(wire, arguments=arguments)
    body_json = FORMATS[wire].encode(request("m", messages=(HI, response.message))).body_json
    assert (json.dumps(arguments) if wire != "anthropic_messages" else arguments) in body_json


@every_wire
@pytest.mark.parametrize("name", ["functions.get_time", "get time", "gét", "x" * 65, "", " ", "a\ud800b"])
def test_a_name_that_no_tool_can_have_goes_back_as_one_that_a_tool_could_have(wire: str, name: str) -> None:
    for message in (answered(wire, name=name).message, AssistantMessage((ToolCallPart("a", name, "{}"),))):
        sent_name, _ = call_sent(wire, message)
        assert 1 <= len(sent_name) <= 64
        assert sent_name.isascii()
        assert sent_name.replace("_", "").replace("-", "").isalnum()


@every_wire
def test_the_name_of_an_offered_tool_goes_back_as_it_is(wire: str) -> None:
    tools = Toolset((Tool.make("time.get"),))
    assert call_sent(wire, answered(wire, name="time.get").message, tools=tools)[0] == "time.get"


@pytest.mark.parametrize("blank", ["", " ", "\n"])
def test_blank_texts_do_not_go_back_to_anthropic(blank: str) -> None:
    text, thinking = {"type": "text", "text": blank}, {"type": "thinking", "thinking": "", "signature": "S"}
    message = anthropic(thinking, text, tool_use()).message
    body = sent("anthropic_messages", request("m", messages=(HI, message)))
    assert [block["type"] for block in body["messages"][-1]["content"]] == ["thinking", "tool_use"]
    only_blank = anthropic(text, stop="end_turn").message
    assert sent("anthropic_messages", request("m", messages=(HI, only_blank)))["messages"] == [
        {"role": "user", "content": "Hi."}
    ]


def test_a_message_with_nothing_in_it_does_not_go_back_over_chat() -> None:
    empty = chat(chunk({"content": ""}, "stop"))[1].message
    for message in (empty, AssistantMessage((TextPart(""),))):
        assert sent("openai_chat", request("m", instructions="", messages=(HI, message, HI)))["messages"] == [
            {"role": "user", "content": "Hi."},
            {"role": "user", "content": "Hi."},
        ]


@every_wire
def test_an_error_without_words_goes_back_with_some(wire: str) -> None:
    call = AssistantMessage((ToolCallPart("a", "get_time", "{}"),))
    for text in ("", " \n"):
        body_json = (
            FORMATS[wire].encode(request("m", messages=(HI, call, results(("a", "get_time", text, True))))).body_json
        )
        assert "The tool reported an error" in body_json
    silent = FORMATS[wire].encode(request("m", messages=(HI, call, results(("a", "get_time", "", False))))).body_json
    assert "reported an error" not in silent


@every_wire
@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, {"type": "object", "properties": {}}),
        ({"type": "object"}, {"type": "object", "properties": {}}),
        ({"type": "object", "properties": None}, {"type": "object", "properties": {}}),
        ({"type": ["object", "null"]}, {"type": "object", "properties": {}}),
        ({"description": "x"}, {"type": "object", "description": "x", "properties": {}}),
        ({"properties": {"a": {}}}, {"type": "object", "properties": {"a": {}}}),
        ({"type": "object", "properties": {"a": {}}}, {"type": "object", "properties": {"a": {}}}),
    ],
)
def test_a_tool_without_parameters_is_sent_as_an_object_without_properties(
    wire: str, schema: dict[str, Any], expected: dict[str, Any]
) -> None:
    tool = Tool({"name": "ping", "inputSchema": schema})
    (encoded,) = sent(wire, request("m", tools=Toolset((tool,))))["tools"]
    body = encoded.get("function", encoded)
    assert body.get("parameters", body.get("input_schema")) == expected
    assert tool.document["inputSchema"] == schema
