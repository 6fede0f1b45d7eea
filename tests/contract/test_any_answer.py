"""Whatever JSON a vendor sends ends in a typed failure or in a response, and what was recorded can be read again."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.formats import FORMATS, Format
from workbench.core.content import ToolCallPart
from workbench.core.errors import ProviderFailure
from workbench.core.event import (
    RequestFailed,
    ResponseDelta,
    ResponseReceived,
    RunEvent,
    ToolCallProposed,
    decode_event,
    encode_event,
)
from workbench.core.exchange import Delta, ModelRequest, ModelResponse, StreamItem
from workbench.core.ids import CallId, RunId
from workbench.core.message import ToolResult, ToolResultsMessage, UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.providers.answer import AnswerReader

TOOLS = Toolset((Tool.make("get_weather"),))
PLAIN = {"prompt_tokens": 5, "completion_tokens": 3, "input_tokens": 5, "output_tokens": 3}


def chat() -> list[Any]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {"id": "c", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    first = {"index": 0, "id": "a", "type": "function", "function": {"name": "get_weather", "arguments": '{"city"'}}
    details = [{"type": "reasoning.text", "text": "hm", "index": 0}]
    return [
        chunk({"role": "assistant", "reasoning_content": "hm", "reasoning_details": details}),
        chunk({"content": "Let me \ud83d"}),
        chunk({"content": "\ude00 look"}),
        chunk({"tool_calls": [first]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": ':"Oslo"}'}}]}),
        {**chunk({}, "tool_calls"), "usage": PLAIN},
    ]


def responses() -> list[Any]:
    reasoning = {"type": "reasoning", "id": "r1", "summary": [{"type": "summary_text", "text": "hm"}]}
    said = {"type": "message", "id": "m1", "role": "assistant", "content": [{"type": "output_text", "text": "Hi"}]}
    call = {"type": "function_call", "id": "f1", "call_id": "a", "name": "get_weather", "arguments": '{"city":"Oslo"}'}
    whole = {"id": "r", "model": "m", "status": "completed", "output": [reasoning, said, call], "usage": PLAIN}
    return [
        {"type": "response.created", "response": {"id": "r", "model": "m"}},
        {"type": "response.output_item.added", "output_index": 0, "item": {**reasoning, "summary": []}},
        {"type": "response.reasoning_summary_text.delta", "output_index": 0, "item_id": "r1", "delta": "hm"},
        {"type": "response.output_item.added", "output_index": 1, "item": {**said, "content": []}},
        {"type": "response.output_text.delta", "output_index": 1, "item_id": "m1", "content_index": 0, "delta": "Hi"},
        {"type": "response.output_item.added", "output_index": 2, "item": {**call, "arguments": ""}},
        {"type": "response.function_call_arguments.delta", "output_index": 2, "item_id": "f1", "delta": '{"city":'},
        {"type": "response.function_call_arguments.done", "output_index": 2, "arguments": '{"city":"Oslo"}'},
        {"type": "response.output_item.done", "output_index": 2, "item": call},
        {"type": "response.completed", "response": whole},
    ]


def anthropic() -> list[Any]:
    call = {"type": "tool_use", "id": "a", "name": "get_weather", "input": {}}
    return [
        {"type": "message_start", "message": {"id": "m", "model": "c", "content": [], "usage": PLAIN}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "S"}},
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "Hi"}},
        {"type": "content_block_start", "index": 2, "content_block": call},
        {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": '{"city":'}},
        {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": '"Oslo"}'}},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": PLAIN},
        {"type": "message_stop"},
    ]


def chat_body() -> Any:
    call = {"id": "a", "type": "function", "function": {"name": "get_weather", "arguments": '{"city":"Oslo"}'}}
    message = {"role": "assistant", "content": "Hi", "reasoning": "hm", "tool_calls": [call]}
    return {"id": "c", "model": "m", "choices": [{"message": message, "finish_reason": "tool_calls"}], "usage": PLAIN}


def anthropic_body() -> Any:
    call = {"type": "tool_use", "id": "a", "name": "get_weather", "input": {"city": "Oslo"}}
    content = [{"type": "thinking", "thinking": "hm", "signature": "S"}, {"type": "text", "text": "Hi"}, call]
    return {"id": "m", "model": "c", "content": content, "stop_reason": "tool_use", "usage": PLAIN}


STREAMS = {"openai_chat": chat(), "openai_responses": responses(), "anthropic_messages": anthropic()}
BODIES = {
    "openai_chat": chat_body(),
    "openai_responses": responses()[-1]["response"],
    "anthropic_messages": anthropic_body(),
}

TEXTS = st.sampled_from(
    [
        "",
        " ",
        "a",
        "{}",
        '{"city":"Bern"}',
        "{",
        "NaN",
        "5",
        "\ud83d",
        "\ude00",
        "é\u0000",
        "stop",
        "error",
        "tool_use",
        "x y",
    ]
)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 7, 5.0, 5.5, 1e30, float("nan"), float("inf"), 2**63, -(2**63), 2**64, 10**30]),
    TEXTS,
    st.recursive(
        st.none() | st.integers(-3, 3) | TEXTS,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
        max_leaves=4,
    ),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*path, key))


def holder(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        document = document[key]
    return document


@st.composite
def made_odd(draw: st.DrawFn, document: Any) -> Any:
    """`document` with some of its values replaced, removed, or given twice."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 5))):
        found = list(places(document))
        if not found:
            break
        path = draw(st.sampled_from(found))
        inside = holder(document, path)
        match draw(st.sampled_from(["replace", "replace", "remove", "twice"])):
            case "replace":
                inside[path[-1]] = draw(ODD)
            case "remove":
                del inside[path[-1]]
            case _ if isinstance(inside, list):
                inside.insert(path[-1], copy.deepcopy(inside[path[-1]]))
    return document


def judged(form: Format, body: bytes, **options: Any) -> None:
    reader = AnswerReader(form.fold(), form.decode, **options)
    items: list[StreamItem] = []
    stamp: dict[str, Any] = {"run_id": RunId("r"), "seq": 1, "at": 0.0, "span": "turn-1/round-1/request-1"}
    events: list[RunEvent] = []
    try:
        items += reader.feed(body)
        items += reader.finish()
    except ProviderFailure as failure:
        told = reader.with_partial(failure)
        events.append(
            RequestFailed(
                **stamp,
                attempt=1,
                failure=told.kind,
                message=told.message,
                code=told.code,
                partial_text=told.partial_text,
            )
        )
    for item in items:
        if isinstance(item, Delta):
            events.append(ResponseDelta(**stamp, type=item.type, index=item.index, text=item.text, tool=item.tool))
        else:
            events.append(ResponseReceived(**stamp, attempt=1, response=item, latency_ms=1.0))
            for place, call in enumerate(item.calls):
                proposed = ToolCallProposed(
                    **stamp,
                    call_id=CallId(f"r.{place}"),
                    wire_call_id=call.wire_call_id,
                    index=place,
                    tool=call.tool,
                    arguments_json=call.arguments_json,
                )
                events.append(proposed)
    for event in events:
        again = decode_event(encode_event(event))
        assert isinstance(event, RequestFailed) or again == event
    for item in items:
        if isinstance(item, ModelResponse):
            sent_on(form, item)


def sent_on(form: Format, response: ModelResponse) -> None:
    """The next request is JSON, its calls have ids of their own, arguments that are objects, and names."""
    results = tuple(
        ToolResult(CallId(f"r.{place}"), call.wire_call_id, call.tool, "", is_error=True)
        for place, call in enumerate(response.calls)
    )
    messages = (UserMessage("Hi"), response.message, *([ToolResultsMessage(results)] if results else []))
    body = json.loads(form.encode(ModelRequest("m", messages, tools=TOOLS)).body_json, parse_constant=pytest.fail)
    found = [*calls_in(body)]
    ours = [part for part in response.parts if isinstance(part, ToolCallPart)]
    assert len(found) == len(ours)
    assert len({call_id for call_id, _, _ in found}) == len(found)
    for call_id, name, arguments in found:
        assert isinstance(call_id, str)
        assert call_id.strip()
        assert isinstance(name, str)
        assert name.strip()
        assert isinstance(json.loads(arguments) if isinstance(arguments, str) else arguments, dict)


def calls_in(body: Any) -> Iterator[tuple[Any, Any, Any]]:
    for item in body.get("input", []):
        if item.get("type") == "function_call":
            yield item["call_id"], item["name"], item["arguments"]
    for message in body.get("messages", []):
        for call in message.get("tool_calls") or []:
            if "function" in call:
                yield call["id"], call["function"]["name"], call["function"]["arguments"]
        for block in message["content"] if isinstance(message.get("content"), list) else []:
            if block.get("type") == "tool_use":
                yield block["id"], block["name"], block["input"]


every_format = pytest.mark.parametrize("form", [FORMATS[name] for name in STREAMS], ids=list(STREAMS))
many = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


def as_stream(events: list[Any], *, is_done: bool = True) -> bytes:
    body = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
    return body + (b"data: [DONE]\n\n" if is_done else b"")


@every_format
@many
@given(st.data())
def test_any_stream_can_be_read_recorded_and_sent_on(form: Format, data: st.DataObject) -> None:
    events = data.draw(made_odd(STREAMS[form.wire_format]))
    judged(form, as_stream(events), splits_think=data.draw(st.booleans()))


@every_format
@many
@given(st.data())
def test_any_body_can_be_read_recorded_and_sent_on(form: Format, data: st.DataObject) -> None:
    judged(form, json.dumps(data.draw(made_odd(BODIES[form.wire_format]))).encode())


@every_format
@many
@given(st.lists(ODD, max_size=4))
def test_any_json_at_all_ends_in_words(form: Format, documents: list[Any]) -> None:
    judged(form, as_stream(documents))
    judged(form, json.dumps(documents).encode())


@every_format
def test_the_answers_that_are_made_odd_are_right_themselves(form: Format) -> None:
    for body in (as_stream(STREAMS[form.wire_format]), json.dumps(BODIES[form.wire_format]).encode()):
        reader = AnswerReader(form.fold(), form.decode)
        response = [*reader.feed(body), *reader.finish()][-1]
        assert isinstance(response, ModelResponse)
        assert [(call.tool, json.loads(call.arguments_json)) for call in response.calls] == [
            ("get_weather", {"city": "Oslo"})
        ]
        judged(form, body)
