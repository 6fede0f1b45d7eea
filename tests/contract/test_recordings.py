"""Every recorded exchange is read as a second, simple reader reads it, however its bytes arrive."""

import json
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.formats import FORMATS, Format, read_pieces
from tests.contract.plain_reader import Reading, read_body, read_stream
from tests.contract.recordings import Exchange, recorded_exchanges
from tests.support.tally import size
from workbench.core.content import ReasoningPart, TextPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelResponse
from workbench.core.message import AssistantMessage, UserMessage
from workbench.providers.wire_failure import failure_of_status

EXCHANGES = recorded_exchanges()
STREAMS = [exchange for exchange in EXCHANGES if exchange.sse is not None]
BODIES = [exchange for exchange in EXCHANGES if exchange.sse is None and exchange.status == 200]
REFUSALS = [exchange for exchange in EXCHANGES if exchange.status >= 400]

pytestmark = pytest.mark.skipif(not EXCHANGES, reason="there are no recordings beside the repository")


def each(exchanges: list[Exchange]) -> Any:
    return pytest.mark.parametrize("exchange", exchanges, ids=[exchange.label for exchange in exchanges])


def form_of(exchange: Exchange) -> Format:
    return FORMATS[exchange.wire_format]


def stream_bytes(exchange: Exchange) -> bytes:
    assert exchange.sse is not None
    return exchange.sse.encode()


def reading_of(response: ModelResponse) -> Reading:
    text = "".join(part.text for part in response.parts if isinstance(part, TextPart))
    calls = [(call.tool, call.arguments_json) for call in response.calls]
    usage = response.usage
    tokens = (usage.input_tokens, usage.output_tokens) if usage is not None else None
    return Reading(text, calls, response.stop_reason, tokens)


def in_pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@each(STREAMS)
def test_a_recorded_stream_is_read_as_a_second_reader_reads_it(exchange: Exchange) -> None:
    _, response = read_pieces(form_of(exchange), [stream_bytes(exchange)])
    assert reading_of(response) == read_stream(exchange.wire_format, exchange.sse or "")
    assert [call.tool for call in response.calls] == exchange.tool_calls


@each(BODIES)
def test_a_recorded_body_is_read_as_a_second_reader_reads_it(exchange: Exchange) -> None:
    deltas, response = read_pieces(form_of(exchange), in_pieces(json.dumps(exchange.response).encode(), 100))
    expected = read_body(exchange.wire_format, exchange.response)
    found = reading_of(response)
    if exchange.wire_format == "anthropic_messages":  # its arguments are JSON values, not text
        found = found._replace(
            calls=[(tool, json.dumps(json.loads(text), sort_keys=True)) for tool, text in found.calls]
        )
    assert found == expected
    assert [call.tool for call in response.calls] == exchange.tool_calls
    assert deltas == []


@each(STREAMS)
def test_the_deltas_of_a_stream_add_up_to_the_parts_of_its_response(exchange: Exchange) -> None:
    deltas, response = read_pieces(form_of(exchange), [stream_bytes(exchange)])
    for index, part in enumerate(response.parts):
        if isinstance(part, (TextPart, ReasoningPart)):
            kind = "text" if isinstance(part, TextPart) else "reasoning"
            assert joined(deltas, kind, index) == part.text
    for index, call in ((index, part) for index, part in enumerate(response.parts) if part in response.calls):
        assert joined(deltas, "arguments", index) in (call.arguments_json, "")  # type: ignore[union-attr]
        assert [delta.tool for delta in deltas if delta.type == "call" and delta.index == index] == [call.tool]  # type: ignore[union-attr]


def joined(deltas: list[Delta], kind: str, index: int) -> str:
    return "".join(delta.text for delta in deltas if delta.type == kind and delta.index == index)


@each(STREAMS)
@pytest.mark.parametrize("size", [1, 7])
def test_the_size_of_the_pieces_makes_no_difference(exchange: Exchange, size: int) -> None:
    data = stream_bytes(exchange)
    assert read_pieces(form_of(exchange), in_pieces(data, size)) == read_pieces(form_of(exchange), [data])


@each(STREAMS)
def test_line_ends_and_comments_make_no_difference(exchange: Exchange) -> None:
    form, data = form_of(exchange), stream_bytes(exchange)
    plain = read_pieces(form, [data])
    commented = b": ping\n\n" + data.replace(b"\n\n", b"\n\n: ping\n\n")
    for variant in (
        data.replace(b"\n", b"\r\n"),
        data.replace(b"\n", b"\r"),
        commented,
        commented.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + data,
        data.replace(b"data: [DONE]\n\n", b""),
        data.rstrip(b"\n"),
    ):
        assert read_pieces(form, [variant]) == plain
        assert read_pieces(form, in_pieces(variant, 3)) == plain


@settings(max_examples=size(50, 150, 500), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_random_pieces_make_no_difference(data: st.DataObject) -> None:
    exchange = data.draw(st.sampled_from(STREAMS))
    body = stream_bytes(exchange)
    if data.draw(st.booleans()):
        body = body.replace(b"\n", b"\r\n")
    cuts = sorted(data.draw(st.sets(st.integers(1, len(body) - 1), max_size=40)))
    pieces = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert read_pieces(form_of(exchange), pieces) == read_pieces(form_of(exchange), [stream_bytes(exchange)])


@each(STREAMS)
def test_every_stream_that_stops_before_its_terminal_event_is_cut_off(exchange: Exchange) -> None:
    events = [event for event in (exchange.sse or "").split("\n\n") if event.strip()]
    terminal = next(place for place, event in enumerate(events) if is_terminal(exchange.wire_format, event))
    for kept in range(terminal + 1):
        body = "".join(f"{event}\n\n" for event in events[:kept]).encode()
        with pytest.raises(ProviderFailure) as caught:
            read_pieces(form_of(exchange), [body])
        assert caught.value.kind == "cut_off"
        assert "cut off" in caught.value.message
    whole = "".join(f"{event}\n\n" for event in events[: terminal + 1]).encode()
    assert read_pieces(form_of(exchange), [whole])[1].stop_reason


def is_terminal(wire_format: str, event: str) -> bool:
    document = json.loads(event.split("data:", 1)[1])
    if wire_format == "openai_chat":
        return any(choice["finish_reason"] for choice in document["choices"])
    return document["type"] in ("message_stop", "response.completed")


@each(STREAMS + BODIES)
def test_an_answer_sent_back_carries_the_vendors_own_content(exchange: Exchange) -> None:
    """Chat keeps what a request may hold; the other two keep every block and item."""
    form = form_of(exchange)
    body = stream_bytes(exchange) if exchange.sse is not None else json.dumps(exchange.response).encode()
    _, response = read_pieces(form, [body])
    assert response.wire_copy is not None
    copy = json.loads(response.wire_copy.json)
    if exchange.sse is None and exchange.wire_format != "openai_chat":
        assert copy == exchange.response["content" if "content" in exchange.response else "output"]
    request = form.encode(model_request(AssistantMessage(response.parts, response.wire_copy)))
    sent = json.loads(request.body_json)
    if exchange.wire_format == "openai_chat":
        assert sent["messages"][1] == copy
    elif exchange.wire_format == "anthropic_messages":
        assert response.wire_copy.json in request.body_json
    else:
        sealed = [item for item in copy if item.get("encrypted_content")]
        assert [item for item in sent["input"] if item.get("encrypted_content")] == sealed[: len(copy)]


def model_request(answer: AssistantMessage) -> Any:
    from workbench.core.exchange import ModelRequest

    return ModelRequest(model="gpt-5.5", messages=(UserMessage("Go on."), answer))


@each(REFUSALS)
def test_a_recorded_refusal_becomes_a_failure_with_the_providers_words(exchange: Exchange) -> None:
    answer = httpx2.Response(exchange.status, headers=exchange.headers, json=exchange.response)
    failure = failure_of_status(answer, form_of(exchange).kind_of)
    assert failure.kind == "invalid_request"
    assert failure.status == exchange.status
    assert exchange.response["error"]["message"] in failure.message
    assert failure.code == (exchange.response["error"]["code"] or exchange.response["error"]["type"])
