"""Responses: how answers are read, and what of them is sent back."""

import json
from typing import Any

import pytest

from tests.contract.formats import FORMATS, read_pieces
from tests.contract.invented import answer_bytes, read_answer, request, sent
from tests.contract.test_answer_faults import failure_of
from workbench.core.content import OpaquePart, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelResponse, Usage
from workbench.core.message import AssistantMessage, UserMessage, WireCopy

RESPONSES = FORMATS["openai_responses"]


def body(*items: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"id": "r", "status": "completed", "output": list(items), **more}).encode()


def call(call_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "function_call", "id": "fc", "call_id": call_id, "name": "f", "arguments": "{}", **more}


def input_after(*items: dict[str, Any]) -> Any:
    """What a next request sends for an answer of these items."""
    message = AssistantMessage((), WireCopy("openai_responses", json.dumps(list(items))))
    return sent("openai_responses", request("gpt-5.5", messages=(UserMessage("Hi."), message)))["input"][1:]


def test_text_comes_in_deltas_and_then_whole() -> None:
    deltas, response = read_answer("openai_responses", "text.sse")
    assert deltas == [Delta("text", 0, "Grüße "), Delta("text", 0, "aus Bern 🏔")]
    assert response.parts == (TextPart("Grüße aus Bern 🏔"),)
    assert (response.stop_reason, response.raw_stop_reason) == ("answered", "completed")
    assert response.usage == Usage(40, 9, cached_tokens=32, reasoning_tokens=4)
    assert (response.model, response.response_id) == ("gpt-5.5", "resp_1")


def test_reasoning_and_parallel_calls_come_in_the_models_order() -> None:
    deltas, response = read_answer("openai_responses", "reasoning_and_parallel_calls.sse")
    assert response.parts == (
        ReasoningPart("Two things.\n\nAsk both."),
        ToolCallPart("call_a", "get_weather", '{"city": "Bern"}'),
        ToolCallPart("call_b", "get_time", "{}"),
    )
    assert response.stop_reason == "tool_calls"
    assert [delta.text for delta in deltas if delta.type == "reasoning"] == ["Two things.", "\n\nAsk both."]
    assert [(delta.index, delta.tool) for delta in deltas if delta.type == "call"] == [
        (1, "get_weather"),
        (2, "get_time"),
    ]


def test_sealed_reasoning_goes_back_in_its_place_and_unchanged() -> None:
    _, response = read_answer("openai_responses", "reasoning_and_parallel_calls.sse")
    body_json = RESPONSES.encode(request("gpt-5.5", messages=(UserMessage("Hi."), response.message))).body_json
    final = next(
        line
        for line in answer_bytes("openai_responses", "reasoning_and_parallel_calls.sse").decode().splitlines()
        if "response.completed" in line and line.startswith("data:")
    )
    output = final[final.index('"output":[') + len('"output":[') : final.index('],"error"')]
    assert output in body_json


def test_a_refusal_is_a_stop_reason_of_its_own() -> None:
    deltas, response = read_answer("openai_responses", "refusal.sse")
    assert response.parts == (RefusalPart("I can't help with that."),)
    assert response.stop_reason == "refused"
    assert {delta.type for delta in deltas} == {"refusal"}


def test_an_incomplete_response_is_not_whole() -> None:
    _, response = read_answer("openai_responses", "incomplete.sse")
    assert [found.arguments_json for found in response.calls] == ['{"city": "Be']
    assert (response.stop_reason, response.raw_stop_reason) == ("length", "max_output_tokens")
    assert response.details["incomplete_details"] == {"reason": "max_output_tokens"}


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("content_filter", "filtered"), ("max_output_tokens", "length"), ("something new", "length")],
)
def test_every_reason_for_being_incomplete_means_that_nothing_runs(reason: str, expected: str) -> None:
    response = RESPONSES.decode(body(call("a"), status="incomplete", incomplete_details={"reason": reason}))
    assert response.stop_reason == expected
    assert not response.is_whole


def test_an_incomplete_call_in_a_completed_response_is_not_whole_either() -> None:
    assert RESPONSES.decode(body(call("a", status="incomplete"))).stop_reason == "length"


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [("failed.sse", "rate_limit", "rate_limit_exceeded"), ("error_event.sse", "server", "server_error")],
)
def test_a_failure_in_mid_stream_has_its_kind_and_keeps_what_had_arrived(name: str, kind: str, code: str) -> None:
    failure = failure_of(RESPONSES, [answer_bytes("openai_responses", name)])
    assert (failure.kind, failure.code, failure.partial_text) == (kind, code, "Let me ")


def test_a_hosted_tool_is_shown_and_goes_back_but_is_no_call_of_ours() -> None:
    _, response = read_answer("openai_responses", "hosted_tool.json")
    opaque, text, ours = response.parts
    assert isinstance(opaque, OpaquePart)
    assert opaque.label == "web_search_call"
    assert (text, ours) == (TextPart("Bern is a city."), ToolCallPart("call_a", "get_weather", '{"city": "Bern"}'))
    assert response.stop_reason == "tool_calls"


def test_output_left_out_of_the_terminal_event_is_taken_from_the_finished_items() -> None:
    events = answer_bytes("openai_responses", "text.sse").decode()
    start = events.rindex('"output":[') + len('"output":[')
    emptied = events[:start] + events[events.index('],"error"', start) :]
    assert read_pieces(RESPONSES, [emptied.encode()])[1].parts == (TextPart("Grüße aus Bern 🏔"),)


@pytest.mark.parametrize("item", [None, "text", 5, []])
def test_an_item_that_ends_without_itself_is_what_came_in_pieces(item: object) -> None:
    events = [
        {"type": "response.output_item.added", "output_index": 0, "item": {**call("a"), "arguments": ""}},
        {"type": "response.function_call_arguments.done", "output_index": 0, "arguments": '{"x":1}'},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": {"id": "r"}},
    ]
    stream = "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode()
    *_, response = read_pieces(RESPONSES, [stream])
    assert response.parts == (ToolCallPart("a", "f", '{"x":1}'),)
    message = AssistantMessage(response.parts, response.wire_copy)
    again = sent("openai_responses", request("gpt-5.5", messages=(UserMessage("Hi."), message)))
    assert again["input"][1]["arguments"] == '{"x":1}'


def test_arguments_that_come_without_deltas_are_shown_once() -> None:
    events = [
        {"type": "response.output_item.added", "output_index": 0, "item": call("a", arguments="")},
        {"type": "response.function_call_arguments.done", "output_index": 0, "arguments": '{"n":1}'},
        {"type": "response.completed", "response": json.loads(body(call("a", arguments='{"n":1}')))},
    ]
    data = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
    deltas, response = read_pieces(RESPONSES, [data])
    assert deltas == [Delta("call", 0, "", "f"), Delta("arguments", 0, '{"n":1}')]
    assert response.calls[0].arguments_json == '{"n":1}'


@pytest.mark.parametrize(("given", "unique"), [(["", ""], ["call_1", "call_2"]), (["x", "x"], ["x", "x_2"])])
def test_ids_that_cannot_be_used_are_minted_also_in_the_copy(given: list[str], unique: list[str]) -> None:
    response: ModelResponse = RESPONSES.decode(
        body(*(call(call_id, arguments=f'{{"n":{place}}}') for place, call_id in enumerate(given)))
    )
    assert [found.wire_call_id for found in response.calls] == unique
    assert response.wire_copy is not None
    assert [item["call_id"] for item in json.loads(response.wire_copy.json)] == unique


@pytest.mark.parametrize("status", ["in_progress", "queued", "cancelled"])
def test_a_response_that_has_not_ended_is_cut_off(status: str) -> None:
    with pytest.raises(ProviderFailure) as caught:
        RESPONSES.decode(body(call("a"), status=status))
    assert caught.value.kind == "cut_off"


def test_reasoning_that_was_never_stored_nor_sealed_is_not_sent_back() -> None:
    message = {"type": "message", "id": "msg", "role": "assistant", "content": []}
    assert input_after({"type": "reasoning", "id": "rs_1", "summary": []}, message, call("a")) == [
        {"type": "message", "role": "assistant", "content": []},
        {key: value for key, value in call("a").items() if key != "id"},
    ]


def test_sealed_reasoning_goes_back_without_the_plain_content_the_vendor_refuses() -> None:
    sealed = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAA"}
    assert input_after({**sealed, "content": [{"type": "reasoning_text", "text": "x"}]}, call("a")) == [
        sealed,
        call("a"),
    ]


def test_plain_reasoning_of_other_servers_goes_back() -> None:
    plain = {"type": "reasoning", "id": "1", "summary": [], "content": [{"type": "reasoning_text", "text": "x"}]}
    assert input_after(plain, call("a")) == [plain, call("a")]


def test_reasoning_nothing_follows_is_not_sent_back() -> None:
    assert input_after({"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAA"}) == []


@pytest.mark.parametrize("model", ["gpt-5.5", "gpt-6-astra", "gpt-5.4-mini", "o3", "o4-mini", "openai.gpt-5.6-luna"])
def test_models_that_reason_are_asked_for_sealed_reasoning(model: str) -> None:
    assert sent("openai_responses", request(model))["include"] == ["reasoning.encrypted_content"]


@pytest.mark.parametrize("model", ["gpt-4.1", "gpt-4o-mini", "gpt-5-chat-latest", "gpt-oss-120b", "qwen3"])
def test_models_that_would_refuse_it_are_not(model: str) -> None:
    assert "include" not in sent("openai_responses", request(model))
