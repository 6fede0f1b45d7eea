"""Endings of real servers: what is no success does not count as one, and nothing of it runs."""

import json
from typing import Any

import pytest

from tests.contract.formats import Format, read_pieces
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
    responses_call,
    tool_use,
)
from tests.contract.test_answer_faults import failure_of
from workbench.core.content import TextPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelResponse
from workbench.providers.answer import AnswerReader
from workbench.providers.openai_chat.stream import ChatStream
from workbench.providers.openai_responses.stream import ResponsesStream
from workbench.viewmodels.models.connection_form import ACCEPT_DONE


class TestEndings:
    """An ending that is no success does not count as one."""

    @pytest.mark.parametrize(
        "word",
        ["error", "ERROR", "network_error", "abort", "cancelled", "insufficient_system_resource", "timeout", "failed"],
    )
    def test_a_finish_reason_that_is_an_error_fails_the_answer(self, word: str) -> None:
        failure = failure_of(CHAT, [events(chunk({"tool_calls": [chat_call()]}), chunk({}, word))])
        assert (failure.kind, failure.code) == ("server", word)
        assert word in failure.message

    @pytest.mark.parametrize(
        "word", ["malformed_function_call", "MALFORMED_FUNCTION_CALL", "function_call_filter: MALFORMED_FUNCTION_CALL"]
    )
    def test_a_malformed_call_is_told_as_one(self, word: str) -> None:
        failure = failure_of(CHAT, [events(chunk({"role": "assistant"}), chunk({}, word))])
        assert failure.kind == "malformed"
        assert "call was malformed" in failure.message

    @pytest.mark.parametrize("word", ["content_filter", "SAFETY", "recitation", "sensitive", "PROHIBITED_CONTENT"])
    def test_a_filtered_answer_is_filtered_whatever_the_word(self, word: str) -> None:
        _, response = chat(chunk({"tool_calls": [chat_call()]}), chunk({}, word))
        assert response.stop_reason == "filtered"
        assert not response.may_run_calls

    @pytest.mark.parametrize("word", ["length", "MAX_TOKENS", "max_output_tokens", "model_length"])
    def test_a_limit_is_a_limit_whatever_the_word(self, word: str) -> None:
        assert chat(chunk({"content": "x"}, word))[1].stop_reason == "length"

    @pytest.mark.parametrize("error", [{"code": 502, "message": "upstream gone"}, "upstream gone"])
    @pytest.mark.parametrize("finish", ["error", "stop", None])
    def test_an_error_on_the_choice_fails_the_answer(self, error: Any, finish: str | None) -> None:
        failure = failure_of(CHAT, [events(chunk({"content": "Par"}), chunk({}, finish, error=error))])
        assert "upstream gone" in failure.message
        assert failure.partial_text == "Par"
        body = {"choices": [{"message": {"content": "Par"}, "finish_reason": finish, "error": error}]}
        assert "upstream gone" in failure_of(CHAT, [json.dumps(body).encode()]).message

    def test_a_call_that_is_announced_and_not_made_fails_the_answer(self) -> None:
        by_chat = failure_of(CHAT, [events(chunk({"content": "Let me look."}), chunk({}, "tool_calls"))])
        by_anthropic = failure_of(MESSAGES, [events(*messages({"type": "text", "text": "Let me look."}))])
        for failure in (by_chat, by_anthropic):
            assert "holds no call" in failure.message
            assert failure.partial_text == "Let me look."

    def test_a_refusal_runs_no_call_that_came_before_it(self) -> None:
        response = anthropic(tool_use(), stop="refusal")
        assert response.stop_reason == "refused"
        assert not response.may_run_calls

    def test_an_unknown_ending_is_said_and_runs_nothing(self) -> None:
        _, by_chat = chat(chunk({"tool_calls": [chat_call()]}), chunk({}, "because"))
        for response in (by_chat, anthropic(tool_use(), stop="because")):
            assert (response.stop_reason, response.may_run_calls) == ("other", False)
            assert "'because'" in response.remarks[0]

    @pytest.mark.parametrize("finish", ["", None, " "])
    def test_a_whole_body_without_a_finish_reason_is_judged_by_what_it_contains(self, finish: Any) -> None:
        def read(message: dict[str, Any]) -> ModelResponse:
            return CHAT.decode(json.dumps({"choices": [{"message": message, "finish_reason": finish}]}).encode())

        assert read({"content": "It is sunny."}).stop_reason == "answered"
        assert read({"tool_calls": [chat_call()]}).stop_reason == "tool_calls"
        assert read({"refusal": "No."}).stop_reason == "refused"
        body = json.dumps({"choices": [{"message": {}, "finish_reason": finish}]}).encode()
        assert failure_of(CHAT, [body]).kind == "cut_off"

    def test_a_whole_body_of_the_other_wires_is_judged_so_too(self) -> None:
        message = json.dumps({"content": [tool_use()], "stop_reason": None}).encode()
        response = json.dumps({"id": "r", "output": [responses_call()]}).encode()
        assert MESSAGES.decode(message).stop_reason == "tool_calls"
        assert RESPONSES.decode(response).stop_reason == "tool_calls"

    @pytest.mark.parametrize("word", ["", "null", "None"])
    def test_a_word_for_nothing_does_not_end_a_stream(self, word: str) -> None:
        documents = [chunk({"content": "Hel"}, word), chunk({"content": "lo"}, word)]
        assert failure_of(CHAT, [events(*documents)]).kind == "cut_off"
        assert chat(*documents, chunk({}, "stop"))[1].parts == (TextPart("Hello"),)

    @pytest.mark.parametrize("status", ["failed", "cancelled", "in_progress"])
    def test_a_call_that_failed_at_the_vendor_does_not_run(self, status: str) -> None:
        body = json.dumps({"status": "completed", "output": [responses_call(status=status)]}).encode()
        assert RESPONSES.decode(body).may_run_calls is (status == "in_progress")

    def test_a_completed_response_with_an_error_has_failed(self) -> None:
        failure = failure_of(RESPONSES, [events(completed(responses_call(), error={"message": "gone"}))])
        assert "gone" in failure.message
        no_error = completed(responses_call(), error={"code": None, "message": None})
        assert read_pieces(RESPONSES, [events(no_error)])[1].stop_reason == "tool_calls"


class TestDoneWithoutAnEnding:
    """A connection may say that `[DONE]` is enough."""

    def test_done_is_enough_where_the_connection_says_so(self) -> None:
        body = events(chunk({"content": "Hi"})) + b"data: [DONE]\n\n"
        reader = AnswerReader(ChatStream(accepts_done=True), CHAT.decode)
        response = [*reader.feed(body), *reader.finish()][-1]
        assert isinstance(response, ModelResponse)
        assert (response.stop_reason, response.raw_stop_reason) == ("answered", "")
        assert "[DONE]" in response.remarks[0]

    def test_a_stream_that_just_ends_is_cut_off_all_the_same(self) -> None:
        reader = AnswerReader(ChatStream(accepts_done=True), CHAT.decode)
        assert [*reader.feed(events(chunk({"content": "Hi"})))] == [Delta("text", 0, "Hi")]
        with pytest.raises(ProviderFailure, match="cut off"):
            [*reader.finish()]

    @pytest.mark.parametrize(
        ("wire", "begun"),
        [
            (CHAT, events(chunk({"content": "Hi"}))),
            (RESPONSES, events({"type": "response.output_text.delta", "output_index": 0, "delta": "Hi"})),
        ],
    )
    def test_the_switch_is_named_only_where_it_would_have_helped(self, wire: Format, begun: bytes) -> None:
        assert ACCEPT_DONE in failure_of(wire, [begun + b"data: [DONE]\n\n"]).hint
        assert ACCEPT_DONE not in failure_of(wire, [begun]).hint

    def test_the_other_openai_wire_knows_it_too(self) -> None:
        body = events(
            {"type": "response.output_item.added", "output_index": 0, "item": responses_call("")},
            {"type": "response.function_call_arguments.delta", "output_index": 0, "delta": OSLO},
        )
        reader = AnswerReader(ResponsesStream(accepts_done=True), RESPONSES.decode)
        response = [*reader.feed(body + b"data: [DONE]\n\n"), *reader.finish()][-1]
        assert isinstance(response, ModelResponse)
        assert [(call.tool, call.arguments_json) for call in response.calls] == [("get_weather", OSLO)]
        assert "[DONE]" in response.remarks[0]
