"""Odd values of real servers, on every wire: types that are not what they should be, and JSON of all kinds."""

import json
from typing import Any

import pytest

from tests.contract.formats import FORMATS, read_pieces
from tests.contract.odd_pieces import (
    CHAT,
    OSLO,
    RESPONSES,
    anthropic,
    chat,
    chat_call,
    chunk,
    completed,
    events,
    next_request,
    responses_call,
    tool_use,
)
from workbench.core.content import TextPart, ToolCallPart
from workbench.core.exchange import Delta, Usage


class TestTypes:
    """Ids, names, arguments and counts of other types than they should have."""

    @pytest.mark.parametrize("call_id", [7, 7.0])
    def test_a_number_as_an_id_is_kept_as_text(self, call_id: float) -> None:
        _, by_chat = chat(chunk({"tool_calls": [chat_call(id=call_id)]}, "tool_calls"))
        _, by_responses = read_pieces(RESPONSES, [events(completed(responses_call(call_id=call_id)))])
        for response in (by_chat, by_responses, anthropic(tool_use(id=call_id))):
            assert response.calls == (ToolCallPart("7", "get_weather", response.calls[0].arguments_json),)
            assert response.wire_copy is not None
            assert '"7"' in response.wire_copy.json

    def test_a_name_that_is_null_is_an_unknown_tool_and_goes_back_as_a_name(self) -> None:
        nameless = {"function": {"name": None, "arguments": "{}"}}
        _, by_chat = chat(chunk({"tool_calls": [chat_call(**nameless)]}, "tool_calls"))
        _, by_responses = read_pieces(RESPONSES, [events(completed(responses_call(name=None)))])
        for wire, response in (
            ("openai_chat", by_chat),
            ("openai_responses", by_responses),
            ("anthropic_messages", anthropic(tool_use(name=None))),
        ):
            assert [call.tool for call in response.calls] == [""]
            assert "unnamed_tool" in json.dumps(next_request(wire, response))

    def test_arguments_that_are_a_value_become_its_text(self) -> None:
        _, by_chat = chat(chunk({"tool_calls": [chat_call({"city": "Oslo"})]}, "tool_calls"))
        _, by_responses = read_pieces(RESPONSES, [events(completed(responses_call({"city": "Oslo"})))])
        _, a_list = read_pieces(RESPONSES, [events(completed(responses_call(["Oslo"])))])
        by_anthropic = anthropic(tool_use('{"city":"Oslo"}'))
        assert [one.calls[0].arguments_json for one in (by_chat, by_responses, by_anthropic)] == [OSLO] * 3
        assert a_list.calls[0].arguments_json == '["Oslo"]'

    @pytest.mark.parametrize(("read", "written"), [(5.0, 3.0), ("5", "3"), (5, "3.0")])
    def test_counts_come_as_floats_or_in_quotes(self, read: Any, written: Any) -> None:
        counts = {"prompt_tokens": read, "completion_tokens": written, "input_tokens": read, "output_tokens": written}
        _, by_chat = chat({**chunk({"content": "Hi"}, "stop"), "usage": counts})
        _, by_responses = read_pieces(RESPONSES, [events(completed(usage=counts))])
        by_anthropic = anthropic({"type": "text", "text": "Hi"}, stop="end_turn", usage=counts)
        assert [one.usage for one in (by_chat, by_responses, by_anthropic)] == [Usage(5, 3)] * 3

    @pytest.mark.parametrize("odd", [-1, None, "many", [5], {}, True, 1e300, float("nan")])
    def test_counts_that_are_none_are_unknown(self, odd: Any) -> None:
        counts = dict.fromkeys(("prompt_tokens", "completion_tokens", "input_tokens", "output_tokens"), odd)
        _, by_chat = chat({**chunk({"content": "Hi"}, "stop"), "usage": counts})
        _, by_responses = read_pieces(RESPONSES, [events(completed(usage=counts))])
        by_anthropic = anthropic({"type": "text", "text": "Hi"}, stop="end_turn", usage=counts)
        assert [one.usage for one in (by_chat, by_responses, by_anthropic)] == [None] * 3

    def test_a_usage_that_is_no_object_is_unknown(self) -> None:
        assert chat({**chunk({"content": "Hi"}, "stop"), "usage": [5]})[1].usage is None


class TestCharacters:
    """JSON as the world writes it."""

    def test_a_pair_torn_over_two_pieces_is_one_character(self) -> None:
        torn = ["\ud83d", "\ude00 hi"]
        texts = {
            "openai_chat": [*(chunk({"content": piece}) for piece in torn), chunk({}, "stop")],
            "openai_responses": [
                *({"type": "response.output_text.delta", "output_index": 0, "delta": piece} for piece in torn),
                completed(),
            ],
            "anthropic_messages": [
                {"type": "message_start", "message": {}},
                {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
                *(
                    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
                    for piece in torn
                ),
                {"type": "message_delta", "delta": {"stop_reason": "end_turn"}},
                {"type": "message_stop"},
            ],
        }
        for wire, documents in texts.items():
            deltas, response = read_pieces(FORMATS[wire], [events(*documents)])
            assert deltas == [Delta("text", 0, "😀 hi")]
            assert (response.parts, response.remarks) == ((TextPart("😀 hi"),), ())

    def test_a_pair_torn_inside_arguments_is_one_character(self) -> None:
        pieces = ['{"city":"\ud83d', '\ude00"}']
        deltas, response = chat(
            chunk({"tool_calls": [chat_call("")]}),
            *(chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}) for piece in pieces),
            chunk({}, "tool_calls"),
        )
        assert "".join(delta.text for delta in deltas if delta.type == "arguments") == '{"city":"😀"}'
        assert response.calls[0].arguments_json == '{"city":"😀"}'

    def test_a_lone_half_is_replaced_and_said(self) -> None:
        deltas, by_chat = chat(chunk({"content": "hi \ud800"}), chunk({}, "stop"))
        text = {"type": "output_text", "text": "hi \ud800"}
        _, by_responses = read_pieces(RESPONSES, [events(completed({"type": "message", "content": [text]}))])
        by_anthropic = anthropic({"type": "text", "text": "hi \ud800"}, stop="end_turn")
        assert "".join(delta.text for delta in deltas) == "hi \ufffd"
        for response in (by_chat, by_responses, by_anthropic):
            assert response.parts == (TextPart("hi \ufffd"),)
            assert "U+FFFD" in response.remarks[0]

    def test_a_lone_half_in_a_whole_body_is_replaced(self) -> None:
        body = json.dumps({"choices": [{"message": {"content": "a\udc00b"}, "finish_reason": "stop"}]}).encode()
        assert read_pieces(CHAT, [body])[1].parts == (TextPart("a\ufffdb"),)

    def test_numbers_that_json_does_not_know_do_no_harm_where_they_do_not_matter(self) -> None:
        rows = {"content": [{"token": "Hi", "logprob": float("-inf"), "top_logprobs": []}]}
        _, response = chat(chunk({"content": "Hi"}, "stop", logprobs=rows), {"choices": [], "took": float("nan")})
        assert response.parts == (TextPart("Hi"),)
        assert response.details["logprobs"] == [{"token": "Hi", "logprob": None}]

    def test_large_integers_in_arguments_keep_every_digit(self) -> None:
        _, response = chat(chunk({"tool_calls": [chat_call({"id": 2**63 - 1})]}, "tool_calls"))
        assert response.calls[0].arguments_json == '{"id":9223372036854775807}'
        assert anthropic(tool_use({"id": 2**64 - 1})).calls[0].arguments_json == '{"id":18446744073709551615}'

    def test_bare_control_characters_in_a_text_are_read(self) -> None:
        body = b'{"choices":[{"message":{"content":"a\tb"},"finish_reason":"stop"}]}'
        assert read_pieces(CHAT, [body])[1].parts == (TextPart("a\tb"),)
