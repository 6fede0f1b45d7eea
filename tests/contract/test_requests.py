"""What every wire sends: goldens, and the rules that hold for all of them."""

import json
from typing import Any

import pytest

from tests.contract.formats import FORMATS
from tests.contract.invented import TIME, WEATHER, golden, request, results, sent
from workbench.core.content import RefusalPart, TextPart, ToolCallPart
from workbench.core.exchange import ModelResponse
from workbench.core.message import AssistantMessage, UserMessage, WireCopy
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ToolChoice

MODELS = {
    "openai_chat": "gpt-4.1",
    "openai_responses": "gpt-5.5",
    "anthropic_messages": "claude-opus-5",
    "gemini": "gemini-3-flash",
}
every_wire = pytest.mark.parametrize("wire", FORMATS)


@every_wire
def test_a_second_round_from_another_provider_is_sent_as_the_golden_says(wire: str) -> None:
    assert sent(wire, request(MODELS[wire])) == golden(wire, "second_round")


@every_wire
def test_limits_a_forced_call_and_settings_are_sent_as_the_golden_says(wire: str) -> None:
    asked = request(
        MODELS[wire],
        max_output_tokens=100,
        parallel_calls=False,
        tool_choice=ToolChoice("required", ("get_time",)),
        settings={"metadata": {"by": "workbench"}},
        messages=(UserMessage("Hi."),),
    )
    assert sent(wire, asked) == golden(wire, "bounded")


@every_wire
def test_settings_have_the_last_word(wire: str) -> None:
    body = sent(wire, request(MODELS[wire], settings={"model": "another", "stream": False}))
    assert (body["model"], body["stream"]) == ("another", False)


EVERY = {"temperature": 0.5, "top_p": 0.9, "seed": 7, "reasoning_effort": "low"}
PLACED: dict[str, dict[str, Any]] = {
    "openai_chat": EVERY,
    "openai_responses": {"temperature": 0.5, "top_p": 0.9, "reasoning": {"effort": "low"}},
    "anthropic_messages": {"temperature": 0.5, "top_p": 0.9, "output_config": {"effort": "low"}},
    "gemini": {
        "generationConfig": {"temperature": 0.5, "topP": 0.9, "seed": 7, "thinkingConfig": {"thinkingLevel": "low"}}
    },
}


@every_wire
def test_parameters_go_where_the_wire_has_them_and_only_those_it_has(wire: str) -> None:
    plain = sent(wire, request(MODELS[wire]))
    asked = sent(wire, request(MODELS[wire], parameters=EVERY))
    assert {key: value for key, value in asked.items() if plain.get(key) != value} == PLACED[wire]
    assert plain.items() <= {**asked, **{key: value for key, value in plain.items() if key in PLACED[wire]}}.items()


@every_wire
def test_a_setting_wins_over_a_parameter_and_keeps_the_others(wire: str) -> None:
    own = next(iter(PLACED[wire])) if wire in ("openai_chat", "gemini") else list(PLACED[wire])[-1]
    setting: Any = {"generationConfig": {"seed": 8}, "temperature": 0.1}.get(own, {"effort": "high", "other": True})
    asked = sent(wire, request(MODELS[wire], parameters=EVERY, settings={own: setting}))
    expected = {**PLACED[wire][own], **setting} if isinstance(setting, dict) else setting
    assert asked[own] == expected


@every_wire
def test_nothing_about_tools_is_sent_when_none_are_offered(wire: str) -> None:
    body = sent(wire, request(MODELS[wire], tools=Toolset(), parallel_calls=False))
    assert not body.keys() & {"tools", "tool_choice", "parallel_tool_calls", "toolConfig"}


@every_wire
def test_an_instruction_that_is_empty_is_not_sent(wire: str) -> None:
    body = json.dumps(sent(wire, request(MODELS[wire], instructions="")))
    assert '"system"' not in body
    assert '"instructions"' not in body


@every_wire
def test_call_ids_that_come_again_in_a_later_round_are_told_apart(wire: str) -> None:
    again = AssistantMessage((ToolCallPart("call_0", "get_time", "{}"),))
    result = results(("call_0", "get_time", "noon", False))
    asked = request(MODELS[wire], messages=(UserMessage("Hi."), again, result, again, result))
    text = FORMATS[wire].encode(asked).body_json
    assert text.count('"call_0"') == 2
    assert text.count('"call_0_2"') == 2


@every_wire
def test_repeated_ids_inside_the_vendors_own_copy_are_told_apart_too(wire: str) -> None:
    copies = {
        "openai_chat": '{"role":"assistant","content":"","tool_calls":[{"id":"call_0","type":"function",'
        '"function":{"name":"get_time","arguments":"{}"}}]}',
        "openai_responses": '[{"type":"function_call","call_id":"call_0","name":"get_time","arguments":"{}"}]',
        "anthropic_messages": '[{"type":"tool_use","id":"call_0","name":"get_time","input":{}}]',
        "gemini": '[{"functionCall":{"id":"call_0","name":"get_time","args":{}},"thoughtSignature":"a=="}]',
    }
    again = AssistantMessage((ToolCallPart("call_0", "get_time", "{}"),), WireCopy(wire, copies[wire]))
    result = results(("call_0", "get_time", "noon", False))
    asked = request(MODELS[wire], messages=(UserMessage("Hi."), again, result, again, result))
    text = FORMATS[wire].encode(asked).body_json
    assert copies[wire].strip("[]") in text
    assert text.count('"call_0"') == 2
    assert text.count('"call_0_2"') == 2


@every_wire
def test_a_copy_for_this_wire_is_sent_byte_for_byte(wire: str) -> None:
    odd = {
        "openai_chat": '{ "role":"assistant", "content":"a\\u00e9\\/" }',
        "openai_responses": '{ "type":"message", "content":[{"type":"output_text","text":"\\u00e9"}] }',
        "anthropic_messages": '[ {"type":"thinking", "thinking":"", "signature":"a\\/b=="} ]',
        "gemini": '[ {"text":"\\u00e9", "thoughtSignature":"a\\/b=="} ]',
    }[wire]
    copy = f"[{odd}]" if wire == "openai_responses" else odd
    asked = request(
        MODELS[wire], messages=(UserMessage("Hi."), AssistantMessage((TextPart("é"),), WireCopy(wire, copy)))
    )
    assert odd in FORMATS[wire].encode(asked).body_json


@every_wire
def test_a_copy_for_another_wire_is_not_sent(wire: str) -> None:
    other = AssistantMessage((TextPart("shown"),), WireCopy("elsewhere", '"SEALED"'))
    text = FORMATS[wire].encode(request(MODELS[wire], messages=(UserMessage("Hi."), other))).body_json
    assert "SEALED" not in text
    assert "shown" in text


@every_wire
def test_a_refusal_from_elsewhere_is_sent_as_text(wire: str) -> None:
    message = AssistantMessage((RefusalPart("I would rather not."),))
    text = FORMATS[wire].encode(request(MODELS[wire], messages=(UserMessage("Hi."), message))).body_json
    assert "I would rather not." in text


@every_wire
def test_half_a_surrogate_pair_in_a_result_does_not_stop_the_request(wire: str) -> None:
    call = AssistantMessage((ToolCallPart("a", "get_time", '{"k":1}'),))
    asked = request(MODELS[wire], messages=(UserMessage("Hi."), call, results(("a", "get_time", "x\ud83dy", False))))
    body_json = FORMATS[wire].encode(asked).body_json
    assert "x�y" in body_json.encode().decode()
    json.loads(body_json)


@every_wire
def test_encoding_twice_gives_the_same_text(wire: str) -> None:
    encode = FORMATS[wire].encode
    assert encode(request(MODELS[wire])) == encode(request(MODELS[wire]))


@every_wire
def test_a_tool_without_a_type_in_its_schema_is_sent_as_an_object(wire: str) -> None:
    tool = Tool({"name": "free", "inputSchema": {"properties": {"a": {"type": "string"}}}})
    shape = FORMATS[wire].wire.shape
    (definition,) = shape.definitions(sent(wire, request(MODELS[wire], tools=Toolset((tool,)))))
    encoded = shape.tool.body(definition)
    assert encoded[shape.tool.parameters_key(encoded)] == {"type": "object", "properties": {"a": {"type": "string"}}}
    assert tool.input_schema == {"properties": {"a": {"type": "string"}}}


BOTH = ("get_weather", "get_time")


@pytest.mark.parametrize(
    ("choice", "chat", "responses"),
    [
        (ToolChoice("auto"), "auto", "auto"),
        (ToolChoice("none"), "none", "none"),
        (ToolChoice("required"), "required", "required"),
        (
            ToolChoice("required", ("get_time",)),
            {"type": "function", "function": {"name": "get_time"}},
            {"type": "function", "name": "get_time"},
        ),
        (
            ToolChoice("required", BOTH),
            {
                "type": "allowed_tools",
                "allowed_tools": {
                    "mode": "required",
                    "tools": [{"type": "function", "function": {"name": name}} for name in BOTH],
                },
            },
            {
                "type": "allowed_tools",
                "mode": "required",
                "tools": [{"type": "function", "name": name} for name in BOTH],
            },
        ),
        (
            ToolChoice("auto", ("get_time",)),
            {
                "type": "allowed_tools",
                "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "get_time"}}]},
            },
            {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "get_time"}]},
        ),
    ],
)
def test_both_openai_wires_spell_every_tool_choice_their_own_way(choice: ToolChoice, chat: Any, responses: Any) -> None:
    assert sent("openai_chat", request("gpt-4.1", tool_choice=choice))["tool_choice"] == chat
    assert sent("openai_responses", request("gpt-5.5", tool_choice=choice))["tool_choice"] == responses


@pytest.mark.parametrize("wire", ["openai_chat", "openai_responses"])
def test_openai_hears_about_parallel_calls_only_when_they_are_switched_off(wire: str) -> None:
    assert "parallel_tool_calls" not in sent(wire, request(MODELS[wire]))
    assert sent(wire, request(MODELS[wire], parallel_calls=False))["parallel_tool_calls"] is False


@every_wire
def test_a_tool_for_export_has_the_strictness_that_was_asked_for(wire: str) -> None:
    encode_tool: Any = FORMATS[wire].wire.load(True).encode_tool
    plain, strict, loose = encode_tool(TIME, None), encode_tool(TIME, True), encode_tool(WEATHER, False)
    strictness = [(encoded.get("function") or encoded).get("strict") for encoded in (plain, strict, loose)]
    has_mode = bool(FORMATS[wire].wire.strict_name)
    wished = [False if wire == "openai_responses" else None, True, False]
    assert strictness == (wished if has_mode else [None] * 3)


def test_a_response_without_a_copy_can_be_sent_on() -> None:
    response = ModelResponse((TextPart("Hello."),), "answered")
    for wire in FORMATS:
        assert "Hello." in json.dumps(
            sent(wire, request(MODELS[wire], messages=(UserMessage("Hi."), response.message)))
        )
