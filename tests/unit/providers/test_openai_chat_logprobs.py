"""How likely each token was, as Chat Completions tells it."""

import json
import math

import pytest

from workbench.core.confidence import token_chances
from workbench.core.exchange import ModelRequest, ModelResponse
from workbench.core.json_text import JsonObject
from workbench.core.message import UserMessage
from workbench.providers.openai_chat.decode import decode
from workbench.providers.openai_chat.encode import encode
from workbench.providers.openai_chat.logprobs import MOST_TOKENS, GrowingLogprobs
from workbench.providers.openai_chat.stream import ChatStream
from workbench.providers.sse import SseEvent


def token(text: str, share: float, *others: str) -> JsonObject:
    top = [{"token": other, "logprob": math.log(0.1), "bytes": None} for other in others]
    return {"token": text, "logprob": math.log(share), "bytes": [1], "top_logprobs": top}


def chunk(text: str, *tokens: JsonObject, finish: str | None = None) -> SseEvent:
    choice = {
        "index": 0,
        "delta": {"content": text},
        "logprobs": {"content": list(tokens), "refusal": None},
        "finish_reason": finish,
    }
    return SseEvent("", json.dumps({"id": "c", "model": "m", "choices": [choice]}).encode())


def test_they_are_asked_for_by_a_setting_and_off_without_it() -> None:
    asked = ModelRequest("m", (UserMessage("Hi"),), settings={"logprobs": True, "top_logprobs": 2})
    body = json.loads(encode(asked, limit_key="max_tokens").body_json)
    assert (body["logprobs"], body["top_logprobs"]) == (True, 2)
    plain = json.loads(encode(ModelRequest("m", (UserMessage("Hi"),)), limit_key="max_tokens").body_json)
    assert "logprobs" not in plain


def test_the_tokens_of_a_stream_come_with_the_response() -> None:
    stream = ChatStream()
    stream.feed(chunk("Yes", token("Yes", 0.75, "No", "Yes")))
    stream.feed(chunk(".", token(".", 0.5), finish="stop"))
    (response,) = stream.finish()
    assert isinstance(response, ModelResponse)
    found = token_chances(response)
    assert [(one.text, round(one.chance, 2)) for one in found] == [("Yes", 0.75), (".", 0.5)]
    assert found[0].others == (("No", pytest.approx(0.1)),)


def test_a_whole_answer_has_them_too_and_one_without_has_none() -> None:
    message = {"role": "assistant", "content": "Yes"}
    choice: JsonObject = {"index": 0, "message": message, "finish_reason": "stop"}  # type: ignore[dict-item]
    with_them = decode(json.dumps({"choices": [{**choice, "logprobs": {"content": [token("Yes", 0.5)]}}]}).encode())
    assert [one.text for one in token_chances(with_them)] == ["Yes"]
    assert "logprobs" not in decode(json.dumps({"choices": [choice]}).encode()).details


@pytest.mark.parametrize("odd", [None, 7, [], {"content": 7}, {"content": [None, {"token": 3}]}, {"refusal": "x"}])
def test_what_has_another_shape_is_passed_over(odd: JsonObject) -> None:
    growing = GrowingLogprobs()
    growing.grow(odd)
    assert growing.tokens == []


def test_no_more_are_kept_than_anybody_reads() -> None:
    growing = GrowingLogprobs()
    for _ in range(3):
        growing.grow({"content": [token("x", 0.5)] * 1_000})
    assert len(growing.tokens) == MOST_TOKENS
