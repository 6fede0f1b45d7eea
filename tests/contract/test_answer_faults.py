"""Bodies that are not what they should be: every one of them ends in a typed failure. No network here."""

import json
from collections import deque
from functools import partial

import pytest

from tests.contract.formats import FORMATS, Format, read_pieces
from tests.contract.invented import answer_bytes
from workbench.core.errors import ProviderFailure

TERMINAL = {
    "openai_chat": b'"stop"',
    "openai_responses": b"response.completed",
    "anthropic_messages": b"message_stop",
    "gemini": b'"STOP"',
}
every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))


def failure_of(form: Format, pieces: list[bytes]) -> ProviderFailure:
    """The failure reading these pieces ends in, told what had arrived, as the adapters raise it."""
    from workbench.providers.answer import AnswerReader

    reader = AnswerReader(form.fold(), form.decode)
    with pytest.raises(ProviderFailure) as caught:
        deque(item for read in [*(partial(reader.feed, piece) for piece in pieces), reader.finish] for item in read())
    return reader.with_partial(caught.value)


@every_format
@pytest.mark.parametrize("body", [b"", b"\n\n", b": ping\n\n", b"d", b"event: mess", b"\xef\xbb\xbf"])
def test_an_answer_without_any_event_is_cut_off(form: Format, body: bytes) -> None:
    failure = failure_of(form, [body])
    assert (failure.kind, failure.has_partial) == ("cut_off", False)


@every_format
@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Bad gateway</body></html>",
        b"\x00\xff\xfe garbage",
        b'{"answer": 42}',
        b'{"id": "half',
        b"[]",
        b'["a"]',
        b"null",
        b"data: {not json}\n\n",
        b"data: 42\n\n",
        b'data: "\xff\xfe"\n\n',
        b"data: " + b"[" * 100_000 + b"\n\n",
        b"{" * 100_000,
    ],
    ids=range(12),
)
def test_an_answer_that_is_something_else_is_malformed(form: Format, body: bytes) -> None:
    assert failure_of(form, [body]).kind == "malformed"


@pytest.mark.parametrize(
    ("wire", "document"),
    [
        ("openai_chat", {"choices": "many"}),
        ("openai_chat", {"choices": [7]}),
        ("openai_chat", {"choices": [{"delta": {"tool_calls": ["x"]}}]}),
        ("openai_responses", {"type": "response.output_item.added", "item": None}),
        ("openai_responses", {"type": "response.output_text.delta", "output_index": 0}),
        ("openai_responses", {"type": "response.completed", "response": {"output": 3}}),
        ("openai_responses", {"type": "response.completed", "response": {"status": "completed", "output": [{}, 5]}}),
        ("anthropic_messages", {"type": "message_start"}),
        ("anthropic_messages", {"type": "content_block_start", "index": 0, "content_block": None}),
        ("anthropic_messages", {"type": "content_block_delta", "index": 4, "delta": {"type": "input_json_delta"}}),
        ("gemini", {"candidates": "many"}),
        ("gemini", {"candidates": [7]}),
        ("gemini", {"candidates": [{"content": {"parts": "x"}}]}),
        ("gemini", {"candidates": [{"content": {"parts": ["x"]}}]}),
        ("gemini", {"candidates": [{"content": {"parts": [{"functionCall": "f"}]}}]}),
    ],
)
def test_an_event_of_an_unexpected_shape_is_malformed(wire: str, document: object) -> None:
    assert failure_of(FORMATS[wire], [b"data: " + json.dumps(document).encode() + b"\n\n"]).kind == "malformed"


@every_format
def test_an_error_in_a_body_with_status_200_is_that_error(form: Format) -> None:
    kind = "RESOURCE_EXHAUSTED" if form.wire_format == "gemini" else "rate_limit_error"
    body = {"type": "error", "error": {"type": kind, "message": "Slow down."}}
    if form.wire_format != "anthropic_messages":
        del body["type"]
    failure = failure_of(form, [json.dumps(body).encode()])
    assert failure.kind == "rate_limit"
    assert "Slow down." in failure.message


@every_format
def test_text_that_had_arrived_is_kept_with_the_failure(form: Format) -> None:
    data = answer_bytes(form.wire_format, "text.sse")
    cut = data.index(b"aus")
    failure = failure_of(form, [data[:cut]])
    assert (failure.kind, failure.partial_text, failure.has_partial) == ("cut_off", "Grüße ", True)


@every_format
def test_an_event_torn_at_its_end_is_not_taken_for_whole(form: Format) -> None:
    data = answer_bytes(form.wire_format, "text.sse")
    whole = read_pieces(form, [data])[1].parts
    terminal = data.index(TERMINAL[form.wire_format])
    for cut in range(0, len(data), 11):
        if cut <= terminal:
            assert failure_of(form, [data[:cut]]).kind == "cut_off"
        elif data[cut - 1 : cut + 1] == b"\n\n":
            assert read_pieces(form, [data[:cut]])[1].parts == whole


@every_format
def test_an_event_without_end_is_refused_before_it_fills_the_memory(form: Format) -> None:
    piece = b"x" * 1_000_000
    failure = failure_of(form, [b"data: ", *[piece] * 20])
    assert failure.kind == "malformed"
    assert "16,777,216 bytes" in failure.message
