"""Chat Completions: how answers are read, ordinary ones and those of servers with habits of their own."""

import json
from typing import Any

import pytest

from tests.contract.formats import FORMATS, read_pieces
from tests.contract.invented import answer_bytes, read_answer, request, sent
from workbench.core.content import OpaquePart, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelResponse, Usage
from workbench.core.message import UserMessage

CHAT = FORMATS["openai_chat"]


def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": "c", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}


def calls(*pieces: dict[str, Any]) -> dict[str, Any]:
    return chunk({"tool_calls": list(pieces)})


def read(*chunks: dict[str, Any], done: bool = True) -> ModelResponse:
    body = b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in chunks)
    return read_pieces(CHAT, [body + (b"data: [DONE]\n\n" if done else b"")])[1]


def said(response: ModelResponse) -> list[tuple[str, str]]:
    return [(call.tool, call.arguments_json) for call in response.calls]


def test_text_comes_in_deltas_and_then_whole() -> None:
    deltas, response = read_answer("openai_chat", "text.sse")
    assert deltas == [Delta("text", 0, "Grüße "), Delta("text", 0, "aus Bern 🏔")]
    assert response.parts == (TextPart("Grüße aus Bern 🏔"),)
    assert (response.stop_reason, response.raw_stop_reason) == ("answered", "stop")
    assert response.usage == Usage(40, 9, cached_tokens=32, reasoning_tokens=4)
    assert (response.model, response.response_id) == ("gpt-5.5", "chatcmpl-1")


def test_parallel_calls_keep_their_argument_text() -> None:
    deltas, response = read_answer("openai_chat", "parallel_calls.sse")
    assert response.parts == (
        ToolCallPart("call_a", "get_weather", '{"city": "Bern"}'),
        ToolCallPart("call_b", "get_time", "{}"),
    )
    assert response.stop_reason == "tool_calls"
    assert deltas[:3] == [
        Delta("call", 0, "", "get_weather"),
        Delta("arguments", 0, '{"city":'),
        Delta("arguments", 0, ' "Bern"}'),
    ]


def test_the_copy_of_a_message_with_calls_has_empty_text_and_not_null() -> None:
    _, response = read_answer("openai_chat", "parallel_calls.sse")
    assert response.wire_copy is not None
    copy = json.loads(response.wire_copy.json)
    assert copy["content"] == ""
    assert [call["id"] for call in copy["tool_calls"]] == ["call_a", "call_b"]


def test_reasoning_is_shown_and_goes_back_under_the_key_it_came_in() -> None:
    _, response = read_answer("openai_chat", "reasoning.sse")
    assert response.parts == (ReasoningPart("The user greets. Greet back."), TextPart("Hello."))
    asked = sent("openai_chat", request("m", messages=(UserMessage("Hi."), response.message)))
    assert asked["messages"][-1] == {
        "role": "assistant",
        "content": "Hello.",
        "reasoning_content": "The user greets. Greet back.",
    }


def test_reasoning_sent_under_two_keys_is_shown_once() -> None:
    both = {"reasoning": "think", "reasoning_details": [{"type": "reasoning.text", "text": "think"}]}
    response = read(chunk(both), chunk({**both, "reasoning_content": "think"}), chunk({"content": "x"}, "stop"))
    assert response.parts == (ReasoningPart("thinkthink"), TextPart("x"))
    assert response.wire_copy is not None
    assert json.loads(response.wire_copy.json)["reasoning_details"] == [
        {"type": "reasoning.text", "text": "thinkthink"}
    ]


def test_a_refusal_is_a_stop_reason_of_its_own() -> None:
    _, response = read_answer("openai_chat", "refusal.sse")
    assert response.parts == (RefusalPart("I can't help with that."),)
    assert response.stop_reason == "refused"


def test_a_call_cut_short_by_the_token_limit_is_not_whole_and_not_repaired() -> None:
    _, response = read_answer("openai_chat", "length.sse")
    assert said(response) == [("get_weather", '{"city": "Be')]
    assert response.stop_reason == "length"
    assert not response.is_whole


def test_an_error_in_mid_stream_keeps_what_had_arrived() -> None:
    from tests.contract.test_answer_faults import failure_of

    failure = failure_of(CHAT, [answer_bytes("openai_chat", "error_event.sse")])
    assert (failure.kind, failure.code, failure.partial_text) == ("overloaded", "engine_overloaded", "Let me ")


def test_a_whole_body_is_read_like_a_stream() -> None:
    deltas, response = read_answer("openai_chat", "calls.json")
    assert deltas == []
    call, custom = response.parts
    assert call == ToolCallPart("call_a", "get_weather", '{"city": "Bern"}')
    assert isinstance(custom, OpaquePart)
    assert custom.label == "custom"
    assert json.loads(custom.json) == {"id": "call_c", "type": "custom", "custom": {"name": "shell", "input": "ls"}}
    assert response.usage == Usage(40, 9)


def test_a_name_repeated_in_every_chunk_is_said_once() -> None:
    piece = {"index": 0, "id": "call_1", "type": "function"}
    response = read(
        *(calls({**piece, "function": {"name": "get_weather", "arguments": part}}) for part in ("", '{"a"', ":1}", "")),
        chunk({}, "tool_calls"),
    )
    assert said(response) == [("get_weather", '{"a":1}')]


def test_a_name_that_comes_in_pieces_is_joined() -> None:
    response = read(
        calls({"index": 0, "id": "x", "function": {"name": "get_"}}),
        calls({"index": 0, "function": {"name": "weather", "arguments": ""}}),
        calls({"index": 0, "function": {"arguments": "{}"}}),
        chunk({}, "tool_calls"),
    )
    assert said(response) == [("get_weather", "{}")]


def test_calls_without_an_index_are_told_apart_by_their_ids() -> None:
    response = read(
        calls({"id": "a", "function": {"name": "f", "arguments": '{"x":'}}),
        calls({"function": {"arguments": "1}"}}),
        calls({"id": "b", "function": {"name": "f", "arguments": ""}}),
        calls({"id": "b", "function": {"arguments": "{}"}}),
        chunk({}, "tool_calls"),
    )
    assert said(response) == [("f", '{"x":1}'), ("f", "{}")]


def test_calls_that_all_have_index_zero_are_told_apart() -> None:
    by_id = read(
        calls({"index": 0, "id": "a", "function": {"name": "f", "arguments": "{}"}}),
        calls({"index": 0, "id": "b", "function": {"name": "f", "arguments": "{}"}}),
        chunk({}, "stop"),
    )
    without_ids = read(
        calls({"index": 0, "id": "", "function": {"name": "f", "arguments": '{"n":1}'}}),
        calls({"index": 0, "id": "", "function": {"name": "g", "arguments": '{"n":2}'}}),
        chunk({}, "stop"),
    )
    assert said(by_id) == [("f", "{}"), ("f", "{}")]
    assert said(without_ids) == [("f", '{"n":1}'), ("g", '{"n":2}')]
    assert by_id.stop_reason == without_ids.stop_reason == "tool_calls"


@pytest.mark.parametrize(("given", "unique"), [(["", ""], ["call_1", "call_2"]), (["x", "x"], ["x", "x_2"])])
def test_ids_that_cannot_be_used_are_minted_also_in_the_copy(given: list[str], unique: list[str]) -> None:
    response = read(
        *(
            calls({"index": place, "id": wire_id, "function": {"name": "f", "arguments": f'{{"n":{place}}}'}})
            for place, wire_id in enumerate(given)
        ),
        chunk({}, "tool_calls"),
    )
    assert [call.wire_call_id for call in response.calls] == unique
    assert response.wire_copy is not None
    assert [call["id"] for call in json.loads(response.wire_copy.json)["tool_calls"]] == unique


def test_arguments_given_as_an_object_become_text() -> None:
    body = {"choices": [{"message": {"tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}]}}]}
    body["choices"][0]["finish_reason"] = "stop"  # type: ignore[assignment]
    assert said(CHAT.decode(json.dumps(body).encode())) == [("f", '{"a":1}')]


def test_what_a_server_adds_to_a_call_goes_back_with_it() -> None:
    signature = {"google": {"thought_signature": "abc"}}
    response = read(
        calls({"index": 0, "id": "a", "function": {"name": "f", "arguments": "{}"}, "extra_content": signature}),
        chunk({}, "tool_calls"),
    )
    assert response.wire_copy is not None
    assert json.loads(response.wire_copy.json)["tool_calls"][0]["extra_content"] == signature


def test_the_old_function_call_is_shown_and_not_run() -> None:
    response = read(chunk({"function_call": {"name": "f", "arguments": "{}"}}), chunk({}, "function_call"))
    assert response.parts == (OpaquePart("function_call", '{"name":"f","arguments":"{}"}'),)
    assert response.calls == ()
    assert response.stop_reason == "other"


def test_the_finish_reason_ends_the_answer_even_without_done() -> None:
    assert read(chunk({"content": "x"}), chunk({}, "stop"), done=False).parts == (TextPart("x"),)


def test_done_without_a_finish_reason_is_an_answer_cut_off() -> None:
    with pytest.raises(ProviderFailure, match="cut off") as caught:
        read(chunk({"content": "x"}))
    assert caught.value.kind == "cut_off"


def test_only_the_first_choice_is_read() -> None:
    second = {"id": "c", "choices": [{"index": 1, "delta": {"content": "no"}, "finish_reason": "stop"}]}
    assert read(second, chunk({"content": "yes"}, "stop")).parts == (TextPart("yes"),)


@pytest.mark.parametrize(
    ("finish", "expected"),
    [
        ("content_filter", "filtered"),
        ("length", "length"),
        ("eos", "answered"),
        ("new word", "other"),
        ("stop", "answered"),
    ],
)
def test_every_finish_reason_has_its_stop_reason(finish: str, expected: str) -> None:
    assert read(chunk({"content": "x"}, finish)).stop_reason == expected


@pytest.mark.parametrize("model", ["gpt-5.6-luna", "gpt-6-astra", "openai/gpt-6.1-sol"])
def test_models_that_take_tools_only_without_effort_are_told_so(model: str) -> None:
    assert sent("openai_chat", request(model))["reasoning_effort"] == "none"
    assert sent("openai_chat", request(model, settings={"reasoning_effort": "low"}))["reasoning_effort"] == "low"


@pytest.mark.parametrize("model", ["gpt-5.5", "gpt-4.1", "llama-gpt-60b", "qwen3"])
def test_other_models_hear_nothing_about_effort(model: str) -> None:
    assert "reasoning_effort" not in sent("openai_chat", request(model))


def test_other_servers_hear_the_older_word_for_the_token_limit() -> None:
    openai = CHAT.adapter(api_key="k").encode(request("m", max_output_tokens=5)).body_json
    other = CHAT.adapter(base_url="http://127.0.0.1:9/v1").encode(request("m", max_output_tokens=5)).body_json
    assert '"max_completion_tokens":5' in openai
    assert '"max_tokens":5' in other


def test_only_openai_itself_is_thought_to_know_subsets_of_tools() -> None:
    assert CHAT.adapter(api_key="k").choice_support("gpt-5.5").subset
    support = CHAT.adapter(base_url="http://127.0.0.1:9/v1").choice_support("qwen3")
    assert not support.subset
    assert support.required
    assert support.why
