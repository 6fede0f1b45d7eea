"""Reasoning in the places where real servers put it: shown once, and sent back as it came."""

import json
from typing import Any

import pytest

from tests.contract.formats import read_pieces
from tests.contract.odd_pieces import (
    CHAT,
    RESPONSES,
    chat,
    chat_call,
    chunk,
    completed,
    events,
    next_request,
)
from workbench.core.content import ReasoningPart, TextPart


class TestReasoning:
    """Reasoning in the places where servers put it."""

    @pytest.mark.parametrize("keys", [("reasoning", "reasoning_content"), ("reasoning_content", "reasoning_text")])
    def test_reasoning_under_two_keys_is_shown_once_and_kept_under_both(self, keys: tuple[str, str]) -> None:
        pieces = [chunk(dict.fromkeys(keys, piece)) for piece in ("one ", "two ", "three")]
        deltas, response = chat(*pieces, chunk({"content": "Hi"}), chunk({}, "stop"))
        assert "".join(delta.text for delta in deltas if delta.type == "reasoning") == "one two three"
        assert response.parts == (ReasoningPart("one two three"), TextPart("Hi"))
        back = next_request("openai_chat", response)
        assert [back[key] for key in keys] == ["one two three"] * 2

    def test_a_second_key_that_comes_whole_at_the_end_is_not_shown_again(self) -> None:
        _, response = chat(
            chunk({"reasoning": "one "}),
            chunk({"reasoning": "two"}),
            chunk({"reasoning_content": "one two"}),
            chunk({"content": "Hi"}, "stop"),
        )
        assert response.parts[0] == ReasoningPart("one two")

    def test_details_alone_are_shown(self) -> None:
        details = [{"type": "reasoning.summary", "summary": "Look.", "index": 0}]
        _, response = chat(chunk({"reasoning_details": details}), chunk({"content": "Hi"}, "stop"))
        assert response.parts == (ReasoningPart("Look."), TextPart("Hi"))

    def test_details_in_fragments_go_back_as_one_entry_an_index(self) -> None:
        def detail(index: int, **more: Any) -> dict[str, Any]:
            return {"type": "reasoning.text", "index": index, "format": "x", **more}

        sealed = {"type": "reasoning.encrypted", "data": "AAA", "index": 2}
        _, response = chat(
            chunk({"reasoning_details": [detail(0, text="Let "), detail(0, text="me ")]}),
            chunk({"reasoning_details": [detail(0, text="see"), detail(1, text="More")]}),
            chunk({"reasoning_details": [{"index": 0, "signature": "SIG"}, sealed]}),
            chunk({"tool_calls": [chat_call()]}, "tool_calls"),
        )
        assert next_request("openai_chat", response)["reasoning_details"] == [
            detail(0, text="Let me see", signature="SIG"),
            detail(1, text="More"),
            sealed,
        ]

    def test_thinking_blocks_of_gateways_go_back_whole(self) -> None:
        pieces = [
            {"thinking": "Let ", "signature": ""},
            {"thinking": "me", "signature": ""},
            {"thinking": "", "signature": "S"},
        ]
        _, response = chat(
            *(chunk({"thinking_blocks": [{"type": "thinking", **piece}]}) for piece in pieces),
            chunk({"tool_calls": [chat_call()]}, "tool_calls"),
        )
        back = next_request("openai_chat", response)["thinking_blocks"]
        assert back == [{"type": "thinking", "thinking": "Let me", "signature": "S"}]

    @pytest.mark.parametrize("whole", [False, True])
    def test_an_empty_text_goes_back_under_its_key(self, whole: bool) -> None:
        said = {"reasoning_content": "", "tool_calls": [chat_call()]}
        body = json.dumps({"choices": [{"message": said, "finish_reason": "tool_calls"}]}).encode()
        response = CHAT.decode(body) if whole else chat(chunk(said, "tool_calls"))[1]
        assert not any(isinstance(part, ReasoningPart) for part in response.parts)
        assert next_request("openai_chat", response)["reasoning_content"] == ""

    def test_parts_of_thinking_in_the_content_are_shown_and_go_back_as_parts(self) -> None:
        def thinking(text: str) -> dict[str, Any]:
            return {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": text}]}]}

        deltas, response = chat(
            chunk(thinking("hmm, ")),
            chunk(thinking("cold")),
            chunk({"content": "Ans"}),
            chunk({"content": "wer"}, "stop"),
        )
        assert [delta.text for delta in deltas if delta.type == "reasoning"] == ["hmm, ", "cold"]
        assert response.parts == (ReasoningPart("hmm, cold"), TextPart("Answer"))
        assert next_request("openai_chat", response)["content"] == [
            thinking("hmm, cold")["content"][0],
            {"type": "text", "text": "Answer"},
        ]

    def test_thinking_as_a_plain_text_in_a_part_is_shown_too(self) -> None:
        content = [{"type": "thinking", "thinking": "hmm"}, {"type": "text", "text": "Answer"}]
        _, response = chat(chunk({"content": content}, "stop"))
        assert response.parts == (ReasoningPart("hmm"), TextPart("Answer"))

    def test_summary_and_plain_reasoning_in_the_same_words_are_shown_once(self) -> None:
        def piece(kind: str, text: str) -> dict[str, Any]:
            return {"type": f"response.{kind}.delta", "output_index": 0, "item_id": "r", "delta": text}

        item = {"type": "reasoning", "id": "r", "summary": [], "content": []}
        words = ["The ", "user"]
        both = [piece(kind, word) for word in words for kind in ("reasoning_text", "reasoning_summary_text")]
        whole = {
            **item,
            "summary": [{"type": "summary_text", "text": "The user"}],
            "content": [{"type": "reasoning_text", "text": "The user"}],
        }
        added = {"type": "response.output_item.added", "output_index": 0, "item": item}
        deltas, response = read_pieces(RESPONSES, [events(added, *both, completed(whole))])
        assert "".join(delta.text for delta in deltas) == "The user"
        assert response.parts == (ReasoningPart("The user"),)

    def test_summary_and_plain_reasoning_that_differ_are_both_shown(self) -> None:
        def piece(kind: str, text: str) -> dict[str, Any]:
            return {"type": f"response.{kind}.delta", "output_index": 0, "item_id": "r", "delta": text}

        both = [
            piece(kind, word)
            for words in zip(["In ", "short"], ["At ", "length"], strict=True)
            for kind, word in zip(("reasoning_summary_text", "reasoning_text"), words, strict=True)
        ]
        deltas, response = read_pieces(RESPONSES, [events(*both, completed())])
        assert "".join(delta.text for delta in deltas) == "In short\n\nAt length"
        assert response.parts == (ReasoningPart("In short\n\nAt length"),)
