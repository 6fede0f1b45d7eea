"""A conversation as the local model takes it."""

import json

import msgspec
import pytest

from workbench.core.content import TextPart, ToolCallPart
from workbench.core.errors import UsageError
from workbench.core.exchange import ModelRequest
from workbench.core.ids import CallId
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import (
    AssistantMessage,
    Attachment,
    Message,
    ToolResult,
    ToolResultsMessage,
    UserMessage,
    WireCopy,
)
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import REQUIRED, parse_choice
from workbench.providers.local.encode import MAX_RESULT_CHARS, encode

WEATHER = Tool.make("get_weather", "Weather.", {"type": "object", "properties": {"city": {"type": "string"}}})


def body_of(*messages: Message, tools: Toolset = Toolset([WEATHER]), **fields: object) -> JsonObject:  # noqa: B008
    request = ModelRequest("needle-3", messages, tools=tools, **fields)  # type: ignore[arg-type]
    found: JsonObject = json.loads(encode(request).body_json)
    return found


def result(text: str, tool: str = "get_weather") -> ToolResult:
    return ToolResult(CallId("c"), "w", tool, text)


def call(city: str) -> ToolCallPart:
    return ToolCallPart("w", "get_weather", json.dumps({"city": city}))


def test_a_first_message_is_system_tools_and_one_input() -> None:
    assert body_of(UserMessage("Hi"), instructions="Be brief.") == {
        "model": "needle-3",
        "system": "Be brief.",
        "tools": [{"name": "get_weather", "description": "Weather.", "parameters": WEATHER.input_schema}],
        "inputs": ["Hi"],
        "max_new_tokens": 512,
        "first_call": 1,
    }


def test_results_are_one_list_of_values_in_the_order_of_the_calls() -> None:
    results = ToolResultsMessage((result('{"t": 16}'), result("sunny"), result("0"), result('{"error":{"kind":"x"}}')))
    body = body_of(UserMessage("Hi"), AssistantMessage((call("Oslo"),)), results)
    assert body["inputs"] == ["Hi", '[{"t":16},"sunny",0,{"error":{"kind":"x"}}]']


def test_a_value_beside_a_picture_stays_one_and_the_picture_is_said_not_to_be_shown() -> None:
    picture = (Attachment("image/png", "AAAA", width=1, height=1),)
    results = (
        msgspec.structs.replace(result('{"t":16}'), attachments=picture),
        msgspec.structs.replace(result("sunny"), attachments=picture),
        msgspec.structs.replace(result("x" * MAX_RESULT_CHARS + "y"), attachments=picture),
    )
    body = body_of(UserMessage("Hi"), AssistantMessage((call("Oslo"),)), ToolResultsMessage(results))
    note = "[Not shown to you: 1 attachment]"
    inputs = body["inputs"]
    assert isinstance(inputs, list)
    value, words, long = json.loads(str(inputs[-1]))
    assert (value, words) == ([{"t": 16}, note], f"sunny\n{note}")
    assert long.endswith(f"(4,001 characters)\n{note}")


def test_what_another_assistant_said_is_left_out_and_its_calls_are_counted() -> None:
    said = AssistantMessage((TextPart("Let me see."), call("Oslo"), call("Rome")), WireCopy("anthropic", "{}"))
    body = body_of(UserMessage("a"), said, ToolResultsMessage((result("1"), result("2"))), UserMessage("b"))
    assert body["inputs"] == ["a", "[1,2]", "b"]
    assert body["first_call"] == 3


def test_references_are_replaced_by_what_they_stand_for() -> None:
    schema: JsonObject = {
        "properties": {"who": {"$ref": "#/$defs/P", "description": "Who"}, "all": {"items": {"$ref": "#/$defs/P"}}},
        "$defs": {"P": {"type": "object", "properties": {"age": {"$ref": "#/$defs/N"}}}, "N": {"type": "integer"}},
    }
    body = body_of(UserMessage("Hi"), tools=Toolset([Tool.make("add", "Add.", schema)]))
    person = {"type": "object", "properties": {"age": {"type": "integer"}}}
    assert body["tools"][0]["parameters"] == {
        "type": "object",
        "properties": {"who": person | {"description": "Who"}, "all": {"items": person}},
    }


def test_a_reference_to_itself_ends_somewhere() -> None:
    schema: JsonObject = {
        "$defs": {"T": {"properties": {"t": {"$ref": "#/$defs/T"}}}},
        "properties": {"t": {"$ref": "#/$defs/T"}},
    }
    assert "$ref" in json.dumps(body_of(UserMessage("Hi"), tools=Toolset([Tool.make("plant", "", schema)]))["tools"])


def test_settings_are_named_as_ignored() -> None:
    assert body_of(UserMessage("Hi"), settings={"temperature": 0})["ignored_settings"] == ["temperature"]
    assert body_of(UserMessage("Hi"), max_output_tokens=64)["max_new_tokens"] == 64


def test_a_long_result_is_cut_and_says_so() -> None:
    said = body_of(UserMessage("Hi"), ToolResultsMessage((result("x" * 9000),)))["inputs"][1]
    assert said.endswith('… (9,000 characters)"]')
    assert len(said) < 4100


def test_a_text_that_is_too_long_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(UsageError, match="more than the local model reads"):
        body_of(UserMessage("x" * 20_001))


def test_an_empty_conversation_is_refused() -> None:
    with pytest.raises(UsageError, match="the conversation is empty"):
        body_of()


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d of a pair"])
def test_characters_that_c_strings_cannot_hold_are_replaced(text: str) -> None:
    said = body_of(UserMessage(text))["inputs"][0]
    assert "\0" not in said
    said.encode("utf-8")


def test_the_same_request_encodes_to_the_same_text() -> None:
    request = ModelRequest("needle-3", (UserMessage("Hi"),), tools=Toolset([WEATHER]))
    assert encode(request) == encode(request)
    assert encode(request).wire_format == "local"


def test_triggers_of_a_tool_go_with_it() -> None:
    tool = Tool({**WEATHER.document, "triggers": ["rain|sun"]})
    assert body_of(UserMessage("Hi"), tools=Toolset([tool]))["tools"][0]["triggers"] == ["rain|sun"]


@pytest.mark.parametrize("triggers", ["rain", [5], {}])
def test_triggers_of_another_shape_are_refused(triggers: JsonValue) -> None:
    tool = Tool({**WEATHER.document, "triggers": triggers})
    with pytest.raises(UsageError, match=r'"triggers" of tool .* must be a list of strings'):
        body_of(UserMessage("Hi"), tools=Toolset([tool]))


@pytest.mark.parametrize(("choice", "names"), [("required", ["get_weather", "b"]), ("b", ["b"]), ("auto", None)])
def test_a_forced_choice_names_the_tools_of_which_one_must_be_called(choice: str, names: list[str] | None) -> None:
    tools = Toolset([WEATHER, Tool.make("b")])
    assert body_of(UserMessage("Hi"), tools=tools, tool_choice=parse_choice(choice)).get("must_call") == names


def test_results_are_a_text_where_a_call_must_follow_them() -> None:
    history = (UserMessage("Hi"), AssistantMessage((call("Oslo"),)), ToolResultsMessage((result("1"),)))
    assert body_of(*history, tool_choice=REQUIRED)["inputs"] == ["Hi", "Results: [1]"]


def test_what_was_called_after_an_input_is_said() -> None:
    said = AssistantMessage((call("Oslo"), call("Rome")))
    history = (UserMessage("a"), said, ToolResultsMessage((result("1"), result("2"))), said, UserMessage("b"))
    assert body_of(*history)["called"] == [["get_weather"], []]
    assert "called" not in body_of(UserMessage("a"), AssistantMessage((TextPart("No."),)), UserMessage("b"))
