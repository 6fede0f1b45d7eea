"""Answers of the local model."""

from typing import Any

import pytest

from workbench.core.choice import Choice, ChosenCall, choice_of
from workbench.core.content import ReasoningPart, TextPart, ToolCallPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelResponse, StreamItem, Usage
from workbench.providers.local.decode import decode


def answer(**fields: Any) -> dict[str, Any]:
    return {"type": "call", "success": True, "error": None, "function_calls": [], "suppressed_calls": []} | fields


def items_of(first_call: int = 1, **fields: Any) -> list[StreamItem]:
    return decode(answer(**fields), model="needle-3", first_call=first_call)


def response_of(**fields: Any) -> ModelResponse:
    *deltas, response = items_of(**fields)
    assert isinstance(response, ModelResponse)
    assert all(isinstance(delta, Delta) for delta in deltas)
    return response


TWO = [{"name": "get_weather", "arguments": {"city": "Tokyo"}}, {"name": "get_weather", "arguments": {"city": "Århus"}}]


def test_calls_keep_their_order_and_are_numbered_over_the_conversation() -> None:
    response = response_of(function_calls=TWO, reasoning="Two cities.", first_call=4)
    assert response.parts == (
        ReasoningPart("Two cities."),
        ToolCallPart("call_4", "get_weather", '{"city":"Tokyo"}'),
        ToolCallPart("call_5", "get_weather", '{"city":"Århus"}'),
    )
    assert (response.stop_reason, response.model, response.is_whole) == ("tool_calls", "needle-3", True)


def test_deltas_say_the_same_as_the_response() -> None:
    deltas = items_of(function_calls=TWO[:1], reasoning="One.")[:-1]
    assert deltas == [
        Delta("reasoning", 0, "One."),
        Delta("call", 1, "", tool="get_weather"),
        Delta("arguments", 1, '{"city":"Tokyo"}', tool="get_weather"),
    ]


def test_without_calls_the_note_is_the_text_and_labelled_as_one() -> None:
    response = response_of(type="respond", reasoning="Both queries answered.", confidence=0.7)
    assert response.parts == (TextPart("Needle's note: Both queries answered."),)
    assert (response.stop_reason, response.raw_stop_reason) == ("answered", "respond")
    assert response.details == {"confidence": 0.7}


def test_withheld_calls_are_told_and_are_not_calls() -> None:
    response = response_of(suppressed_calls=TWO[:1], reasoning="Hm.", confidence=0.0913)
    assert response.calls == ()
    assert response.message.text == (
        'Needle was not sure enough (confidence 0.09) and withheld: get_weather({"city":"Tokyo"}). Needle\'s note: Hm.'
    )
    assert choice_of(response) == Choice(
        "withheld", text=response.message.text, withheld=(ChosenCall("get_weather", '{"city":"Tokyo"}'),)
    )


def test_an_answer_with_nothing_in_it_says_so() -> None:
    assert response_of(type="respond", reasoning=None).message.text == "Needle made no call and left no note."


def test_an_answer_cut_at_the_token_limit_is_not_whole() -> None:
    response = response_of(success=False, error="token budget exhausted", error_code="truncated")
    assert (response.stop_reason, response.is_whole, response.raw_stop_reason) == ("length", False, "truncated")
    assert "limit of output tokens" in response.message.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"success": False, "error": "engine trouble", "error_code": "e7"}, "Needle failed: engine trouble"),
        ({"success": False, "error": None, "reason": "runtime_failure"}, "Needle failed: runtime_failure"),
        ({"success": True, "error": "odd"}, "Needle failed: odd"),
    ],
)
def test_a_failure_of_the_model_is_a_provider_failure(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ProviderFailure, match=said) as caught:
        response_of(**fields)
    assert caught.value.kind == "server"


@pytest.mark.parametrize("call", ["get_weather", {"arguments": {}}, {"name": 5}])
def test_a_call_without_a_name_is_malformed(call: object) -> None:
    with pytest.raises(ProviderFailure, match="without a name") as caught:
        response_of(function_calls=[call])
    assert caught.value.kind == "malformed"


def test_tokens_are_counted_only_where_the_engine_counts_them() -> None:
    assert response_of().usage is None
    assert response_of(prefill_tokens=120, decode_tokens=9).usage == Usage(input_tokens=120, output_tokens=9)
