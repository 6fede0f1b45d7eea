"""Odd pieces of real servers: what comes twice counts once, what is lost in the end is taken from its pieces."""

import json
from typing import Any, ClassVar

import pytest

from tests.contract.formats import FORMATS, read_pieces
from tests.contract.odd_pieces import (
    CHAT,
    MESSAGES,
    OSLO,
    RESPONSES,
    anthropic,
    chat,
    chat_call,
    chunk,
    completed,
    events,
    messages,
    next_request,
    responses_call,
    tool_use,
)
from workbench.core.content import OpaquePart, ReasoningPart, TextPart, ToolCallPart
from workbench.core.exchange import Delta, ModelResponse


class TestRepeats:
    """What comes twice counts once."""

    def test_a_last_chunk_with_the_whole_message_adds_what_is_missing(self) -> None:
        def read(message: dict[str, Any]) -> ModelResponse:
            last = {"choices": [{"index": 0, "finish_reason": "stop", "message": message}]}
            return read_pieces(CHAT, [events(chunk({"content": "Hel"}), chunk({"content": "lo"}), last)])[1]

        assert read({"content": "Hello"}).parts == (TextPart("Hello"),)
        assert read({"content": "Hello there"}).parts == (TextPart("Hello there"),)
        assert read({"content": "Something else"}).parts == (TextPart("Hello"),)
        assert [call.arguments_json for call in read({"content": "Hello", "tool_calls": [chat_call()]}).calls] == [OSLO]

    def test_a_last_chunk_with_the_whole_message_brings_what_stands_beside_the_text(self) -> None:
        sealed = [{"type": "reasoning.encrypted", "data": "AAA", "index": 0}]
        message = {"content": "Hello", "reasoning_details": sealed, "reasoning": "hm"}
        last = {"choices": [{"index": 0, "finish_reason": "stop", "message": message}]}
        _, response = chat(chunk({"reasoning": "hm"}), chunk({"content": "Hello"}), last)
        assert response.parts == (ReasoningPart("hm"), TextPart("Hello"))
        assert next_request("openai_chat", response)["reasoning_details"] == sealed

    def test_a_last_chunk_with_the_calls_that_have_come_adds_none(self) -> None:
        message = {"content": None, "tool_calls": [chat_call(), chat_call('{"city":"Bern"}', id="b")]}
        last = {"choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}]}
        _, response = chat(chunk({"tool_calls": [chat_call('{"city":')]}), last)
        assert [call.arguments_json for call in response.calls] == [OSLO, '{"city":"Bern"}']

    def test_a_call_that_comes_again_in_pieces_is_not_shown_twice(self) -> None:
        def piece(index: int, text: str, **more: Any) -> dict[str, Any]:
            return chunk({"tool_calls": [{"index": index, "function": {"arguments": text}, **more}]})

        both = [chunk({"tool_calls": [chat_call("", index=index)]}) for index in (0, 1)]
        again, other = ['{"city":', '"Oslo"}'], ['{"city":', '"Bern"}']
        for pieces, shown in ((again, [OSLO]), (other, [OSLO, '{"city":"Bern"}'])):
            documents = [
                both[0],
                piece(0, OSLO),
                both[1],
                *(piece(1, text) for text in pieces),
                chunk({}, "tool_calls"),
            ]
            deltas, response = chat(*documents)
            assert [call.arguments_json for call in response.calls] == shown
            assert [delta.index for delta in deltas if delta.type == "call"] == list(range(len(shown)))
            for index, arguments in enumerate(shown):
                live = [delta.text for delta in deltas if (delta.type, delta.index) == ("arguments", index)]
                assert "".join(live) == arguments

    def test_a_last_delta_with_the_whole_text_is_not_added_and_said(self) -> None:
        _, response = chat(chunk({"content": "Hel"}), chunk({"content": "lo"}), chunk({"content": "Hello"}, "stop"))
        assert response.parts == (TextPart("Hello"),)
        assert "repeated" in response.remarks[0]

    def test_text_that_only_looks_like_a_repetition_is_kept(self) -> None:
        _, response = chat(chunk({"content": "ha"}), chunk({"content": "ha"}, "stop"))
        assert response.parts == (TextPart("haha"),)

    def test_a_stream_of_messages_instead_of_deltas_is_added_up(self) -> None:
        def piece(text: str, finish: str | None = None) -> dict[str, Any]:
            return {"choices": [{"index": 0, "message": {"content": text}, "finish_reason": finish}]}

        assert chat(piece("Hel"), piece("lo"), piece("Hello", "stop"))[1].parts == (TextPart("Hello"),)

    def test_the_same_call_twice_is_one_call_on_every_wire(self) -> None:
        whole = {"choices": [{"message": {"tool_calls": [chat_call(), chat_call()]}, "finish_reason": "tool_calls"}]}
        by_chat = CHAT.decode(json.dumps(whole).encode())
        _, by_responses = read_pieces(
            RESPONSES, [events(completed(responses_call(), responses_call('{"city": "Oslo"}')))]
        )
        by_anthropic = anthropic(tool_use(), tool_use())
        for wire, response in zip(FORMATS, (by_chat, by_responses, by_anthropic), strict=False):
            assert len(response.calls) == 1
            assert response.wire_copy is not None
            assert response.wire_copy.json.count("get_weather") == 1, wire


class TestLostOutput:
    """A Responses answer whose terminal event lacks what was streamed."""

    ADDED: ClassVar = {"type": "response.output_item.added", "output_index": 0, "item": responses_call("")}
    PIECE: ClassVar = {
        "type": "response.function_call_arguments.delta",
        "output_index": 0,
        "item_id": "f",
        "delta": OSLO,
    }

    @pytest.mark.parametrize("output", [[], None, [responses_call("")], [{"type": "reasoning", "summary": []}]])
    def test_a_call_is_taken_from_its_pieces(self, output: Any) -> None:
        last = completed()
        last["response"]["output"] = output
        _, response = read_pieces(RESPONSES, [events(self.ADDED, self.PIECE, last)])
        assert [(call.wire_call_id, call.tool, call.arguments_json) for call in response.calls] == [
            ("a", "get_weather", OSLO)
        ]
        assert response.stop_reason == "tool_calls"
        assert next_request("openai_responses", response)["arguments"] == OSLO

    def test_pieces_that_were_lost_are_taken_from_what_the_end_of_a_call_says(self) -> None:
        first = {**self.PIECE, "delta": '{"city":'}
        done = {"type": "response.function_call_arguments.done", "output_index": 0, "arguments": OSLO}
        deltas, response = read_pieces(RESPONSES, [events(self.ADDED, first, done, completed())])
        assert [call.arguments_json for call in response.calls] == [OSLO]
        assert "".join(delta.text for delta in deltas if delta.type == "arguments") == OSLO

    def test_a_call_is_taken_from_what_its_end_says(self) -> None:
        done = {"type": "response.function_call_arguments.done", "output_index": 0, "arguments": OSLO}
        _, response = read_pieces(RESPONSES, [events(self.ADDED, done, completed())])
        assert [call.arguments_json for call in response.calls] == [OSLO]

    @pytest.mark.parametrize("kind", ["delta", "done"])
    def test_text_is_taken_from_its_pieces(self, kind: str) -> None:
        piece = {"type": f"response.output_text.{kind}", "output_index": 0, "delta": "Hi", "text": "Hi"}
        deltas, response = read_pieces(RESPONSES, [events(piece, completed())])
        assert deltas == [Delta("text", 0, "Hi")]
        assert response.parts == (TextPart("Hi"),)
        assert next_request("openai_responses", response)["role"] == "assistant"

    def test_calls_that_all_have_one_place_are_told_apart_by_their_ids(self) -> None:
        def added(item_id: str) -> dict[str, Any]:
            item = responses_call("", id=item_id, call_id=item_id)
            return {"type": "response.output_item.added", "output_index": 0, "item": item}

        def piece(item_id: str, text: str) -> dict[str, Any]:
            return {**self.PIECE, "item_id": item_id, "delta": text}

        documents = [added("x"), piece("x", OSLO), added("y"), piece("y", "{"), piece("y", "}"), completed()]
        deltas, response = read_pieces(RESPONSES, [events(*documents)])
        assert [call.arguments_json for call in response.calls] == [OSLO, "{}"]
        assert [delta.index for delta in deltas if delta.type == "call"] == [0, 1]

    def test_blocks_that_all_have_one_index_are_told_apart(self) -> None:
        blocks = [{"type": "text", "text": "Hi"}, tool_use(id="x"), tool_use({"city": "Bern"}, id="y")]
        documents = [{**document, "index": 0} for document in messages(*blocks)]
        _, response = read_pieces(MESSAGES, [events(*documents)])
        assert [type(part) for part in response.parts] == [TextPart, ToolCallPart, ToolCallPart]

    def test_blocks_given_whole_in_the_first_event_are_read(self) -> None:
        start, *rest = messages()
        start["message"]["content"] = [{"type": "text", "text": "Hi"}, tool_use()]
        deltas, response = read_pieces(MESSAGES, [events(start, *rest)])
        assert [delta.type for delta in deltas] == ["text", "call"]
        assert [call.arguments_json for call in response.calls] == [OSLO]

    def test_pieces_of_a_block_whose_start_was_lost_are_read(self) -> None:
        start, *rest = messages(stop="end_turn")
        piece = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}}
        assert read_pieces(MESSAGES, [events(start, piece, *rest)])[1].parts == (TextPart("Hi"),)


def test_parts_that_nobody_knows_are_kept_for_the_way_back() -> None:
    reference = {"type": "reference", "reference_ids": [1]}
    content = [{"type": "text", "text": "See "}, reference, {"type": "text", "text": ""}]
    _, response = chat(chunk({"content": content}, "stop"))
    assert response.parts == (TextPart("See "),)
    assert next_request("openai_chat", response)["content"] == [{"type": "text", "text": "See "}, reference]


def test_an_item_without_a_type_is_shown_and_not_run() -> None:
    _, response = read_pieces(RESPONSES, [events(completed({"odd": 1}))])
    assert response.parts == (OpaquePart("", '{"odd": 1}'),)
