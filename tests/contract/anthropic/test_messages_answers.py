"""Anthropic Messages: how answers are read, and that thinking survives the way back."""

import json
from typing import Any

import pytest

from tests.contract.formats import FORMATS, read_pieces
from tests.contract.invented import answer_bytes, read_answer, request, sent
from tests.contract.test_answer_faults import failure_of
from workbench.core.content import OpaquePart, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.errors import UsageError
from workbench.core.exchange import Delta, ModelResponse, Usage
from workbench.core.message import AssistantMessage, UserMessage, WireCopy
from workbench.core.tool_choice import ToolChoice
from workbench.providers.anthropic.models import choice_support, version_headers

MESSAGES = FORMATS["anthropic_messages"]


def body(*content: dict[str, Any], stop: str | None = "tool_use", **more: Any) -> bytes:
    return json.dumps({"type": "message", "content": list(content), "stop_reason": stop, **more}).encode()


def tool_use(call_id: str, arguments: Any = None) -> dict[str, Any]:
    return {"type": "tool_use", "id": call_id, "name": "f", "input": {} if arguments is None else arguments}


def copy_of(response: ModelResponse) -> Any:
    assert response.wire_copy is not None
    return json.loads(response.wire_copy.json)


def test_text_comes_in_deltas_and_then_whole() -> None:
    deltas, response = read_answer("anthropic_messages", "text.sse")
    assert deltas == [Delta("text", 0, "Grüße "), Delta("text", 0, "aus Bern 🏔")]
    assert response.parts == (TextPart("Grüße aus Bern 🏔"),)
    assert (response.stop_reason, response.raw_stop_reason) == ("answered", "end_turn")
    assert (response.model, response.response_id) == ("claude-opus-5-5", "msg_1")


def test_the_whole_input_is_counted_and_later_counts_replace_earlier_ones() -> None:
    _, response = read_answer("anthropic_messages", "text.sse")
    assert response.usage == Usage(40, 9, cached_tokens=12, cache_write_tokens=20, reasoning_tokens=4)


def test_thinking_and_parallel_calls_come_in_the_models_order() -> None:
    deltas, response = read_answer("anthropic_messages", "thinking_and_parallel_calls.sse")
    thinking, redacted, first, empty, second = response.parts
    assert thinking == ReasoningPart("Two things.")
    assert isinstance(redacted, OpaquePart)
    assert redacted.label == "redacted_thinking"
    assert first == ToolCallPart("toolu_a", "get_weather", '{"city": "Bern"}')
    assert empty == ReasoningPart("")
    assert second == ToolCallPart("toolu_b", "get_time", "{}")
    assert [delta.index for delta in deltas if delta.type == "call"] == [2, 4]


def test_thinking_goes_back_with_its_signature_and_also_when_its_text_is_empty() -> None:
    _, response = read_answer("anthropic_messages", "thinking_and_parallel_calls.sse")
    assert copy_of(response) == [
        {"type": "thinking", "thinking": "Two things.", "signature": "EqQBsigned+/=="},
        {"type": "redacted_thinking", "data": "EmwKAhgBopaque"},
        {"type": "tool_use", "id": "toolu_a", "name": "get_weather", "input": {"city": "Bern"}},
        {"type": "thinking", "thinking": "", "signature": "EqQBempty=="},
        {"type": "tool_use", "id": "toolu_b", "name": "get_time", "input": {}},
    ]
    asked = MESSAGES.encode(request("claude-opus-5-5", messages=(UserMessage("Hi."), response.message)))
    assert response.wire_copy is not None
    assert f'"content":{response.wire_copy.json}' in asked.body_json


def test_a_refusal_carries_its_explanation() -> None:
    _, response = read_answer("anthropic_messages", "refusal.sse")
    assert response.parts == (TextPart("I "), RefusalPart("This asks for malware."))
    assert response.stop_reason == "refused"
    assert response.details["stop_details"]["category"] == "cyber"  # type: ignore[index, call-overload]
    assert copy_of(response) == [{"type": "text", "text": "I "}]


def test_arguments_cut_short_by_the_token_limit_are_not_repaired() -> None:
    _, response = read_answer("anthropic_messages", "max_tokens.sse")
    assert [call.arguments_json for call in response.calls] == ['{"lines": ["one", "tw']
    assert response.stop_reason == "length"
    assert not response.is_whole


def test_malformed_arguments_are_kept_raw_and_go_back_inside_an_object() -> None:
    _, response = read_answer("anthropic_messages", "malformed_arguments.sse")
    assert [call.arguments_json for call in response.calls] == ['{"lines": [}']
    assert response.stop_reason == "tool_calls"
    assert copy_of(response)[0]["input"] == {"malformed_arguments": '{"lines": [}'}


def test_a_hosted_tool_is_shown_and_goes_back_but_is_no_call_of_ours() -> None:
    deltas, response = read_answer("anthropic_messages", "hosted_tool.sse")
    used, found, text = response.parts
    assert isinstance(used, OpaquePart)
    assert json.loads(used.json)["input"] == {"query": "Bern"}
    assert isinstance(found, OpaquePart)
    assert found.label == "web_search_tool_result"
    assert text == TextPart("Bern is a city.")
    assert copy_of(response)[2]["citations"][0]["url"] == "https://example.com"
    assert [delta.type for delta in deltas] == ["text"]


def test_an_error_in_mid_stream_keeps_what_had_arrived() -> None:
    failure = failure_of(MESSAGES, [answer_bytes("anthropic_messages", "error_event.sse")])
    assert (failure.kind, failure.code, failure.partial_text) == ("overloaded", "overloaded_error", "Let me ")
    assert failure.request_id == "req_7"


def test_the_arguments_of_a_whole_body_are_the_text_that_was_sent() -> None:
    data = body(tool_use("a")).replace(b'"input": {}', b'"input": {"n" : 1.0, "e":"\\u00e9"}')
    response = MESSAGES.decode(data)
    assert response.calls[0].arguments_json == '{"n" : 1.0, "e":"\\u00e9"}'
    assert response.wire_copy is not None
    assert '{"n" : 1.0, "e":"\\u00e9"}' in response.wire_copy.json


def test_a_whole_body_is_read_like_a_stream() -> None:
    deltas, response = read_answer("anthropic_messages", "calls.json")
    assert deltas == []
    assert response.parts[0] == TextPart("Let me look.")
    assert json.loads(response.calls[0].arguments_json) == {"city": "Bern", "days": 1.0}
    assert response.usage == Usage(40, 9)


def test_input_that_is_given_whole_at_the_start_of_its_block_is_taken() -> None:
    events = [
        {"type": "message_start", "message": {"id": "m"}},
        {"type": "content_block_start", "index": 0, "content_block": tool_use("a", {"city": "Bern"})},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}},
        {"type": "message_stop"},
    ]
    data = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
    assert read_pieces(MESSAGES, [data])[1].calls[0].arguments_json == '{"city":"Bern"}'


@pytest.mark.parametrize(("given", "unique"), [(["", ""], ["call_1", "call_2"]), (["x", "x"], ["x", "x_2"])])
def test_ids_that_cannot_be_used_are_minted_also_in_the_copy(given: list[str], unique: list[str]) -> None:
    response = MESSAGES.decode(body(*(tool_use(call_id, {"n": place}) for place, call_id in enumerate(given))))
    assert [found.wire_call_id for found in response.calls] == unique
    assert [block["id"] for block in copy_of(response)] == unique


@pytest.mark.parametrize(
    ("stop", "has_call", "expected"),
    [
        ("tool_use", True, "tool_calls"),
        ("end_turn", True, "tool_calls"),
        ("end_turn", False, "answered"),
        ("stop_sequence", False, "answered"),
        ("max_tokens", True, "length"),
        ("model_context_window_exceeded", False, "length"),
        ("pause_turn", False, "paused"),
        ("refusal", False, "refused"),
        ("compaction", False, "other"),
    ],
)
def test_every_stop_reason_is_translated(stop: str, has_call: bool, expected: str) -> None:
    content = [tool_use("a")] if has_call else [{"type": "text", "text": "x"}]
    assert MESSAGES.decode(body(*content, stop=stop)).stop_reason == expected


def test_a_message_without_a_stop_reason_is_cut_off() -> None:
    assert failure_of(MESSAGES, [body(stop=None)]).kind == "cut_off"


def test_a_message_without_content_is_not_sent_back() -> None:
    empty = AssistantMessage((), WireCopy("anthropic_messages", "[]"))
    only_reasoning = AssistantMessage((ReasoningPart("from elsewhere"),))
    asked = sent("anthropic_messages", request("claude-opus-5", messages=(UserMessage("Hi."), empty, only_reasoning)))
    assert asked["messages"] == [{"role": "user", "content": "Hi."}]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (ToolChoice("auto"), {"type": "auto", "disable_parallel_tool_use": True}),
        (ToolChoice("required"), {"type": "any", "disable_parallel_tool_use": True}),
        (
            ToolChoice("required", ("get_time",)),
            {"type": "tool", "name": "get_time", "disable_parallel_tool_use": True},
        ),
        (ToolChoice("none"), {"type": "none"}),
    ],
)
def test_parallel_calls_are_switched_off_inside_the_tool_choice_but_not_of_none(
    choice: ToolChoice, expected: dict[str, Any]
) -> None:
    body = sent("anthropic_messages", request("claude-opus-5", tool_choice=choice, parallel_calls=False))
    assert body["tool_choice"] == expected


@pytest.mark.parametrize(
    "choice", [ToolChoice("auto", ("get_time",)), ToolChoice("required", ("get_time", "get_weather"))]
)
def test_a_subset_of_tools_cannot_be_expressed(choice: ToolChoice) -> None:
    with pytest.raises(UsageError, match="cannot express"):
        MESSAGES.encode(request("claude-opus-5", tool_choice=choice))


@pytest.mark.parametrize(
    "model",
    [
        "claude-opus-5-5",
        "claude-opus-5-5-20261001",
        "claude-sonnet-5-5",
        "claude-fable-5",
        "claude-fable-5-2",
        "claude-mythos-5-1",
        "claude-mythos-preview",
        "us.anthropic.claude-opus-5-5-v1:0",
        "anthropic/claude-opus-5.5",
    ],
)
def test_models_that_refuse_forced_calls_are_known(model: str) -> None:
    support = choice_support(model)
    assert not any((support.required, support.named, support.subset))
    assert support.none
    assert model in support.why


@pytest.mark.parametrize(
    "model", ["claude-haiku-5-5", "claude-opus-5", "claude-opus-5-20260801", "claude-sonnet-5", "claude-opus-4-8", "x"]
)
def test_other_models_take_forced_calls_but_no_subset(model: str) -> None:
    support = choice_support(model)
    assert support.required
    assert support.named
    assert not support.subset


def test_sampling_settings_ask_for_the_version_that_has_them() -> None:
    assert version_headers({"temperature": 0}) == {"anthropic-version": "2023-06-01"}
    assert version_headers({"model": "x"}) == {}
    assert version_headers({"thinking": {"type": "adaptive"}}) == {}
    bound = {"type": "adaptive", "block_binding": {"prefix_mismatch_behavior": "drop_block"}}
    assert version_headers({"thinking": bound}) == {"anthropic-beta": "thinking-binding-controls-2026-08-01"}
