"""The short way for plain pieces of text gives what the long way gives."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.content import TextPart
from workbench.core.exchange import ModelResponse
from workbench.providers.openai_chat import stream
from workbench.providers.openai_chat.plain_chunk import plain_text
from workbench.providers.openai_chat.stream import ChatStream
from workbench.providers.sse import SseEvent

FIRST = {
    "id": "c1",
    "object": "chat.completion.chunk",
    "model": "m",
    "choices": [{"index": 0, "delta": {"role": "assistant"}}],
}
LAST = {"id": "c1", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}


def chunk(delta: dict[str, Any], choice: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, **(choice or {})}],
        **fields,
    }


ODD = [
    chunk({"content": "a"}, {"finish_reason": "length"}),
    chunk({"content": "a"}, {"logprobs": {"content": [{"token": "a", "logprob": -0.1}]}}),
    chunk({"content": "a", "reasoning_content": "b"}),
    chunk({"content": "a", "tool_calls": [{"index": 0, "id": "x", "function": {"name": "f", "arguments": "{}"}}]}),
    chunk({"content": 5}),
    chunk({"content": None}),
    chunk({"content": [{"type": "text", "text": "part"}]}),
    chunk({"content": "a"}, {"index": 1}),
    chunk({"content": "a"}, {"matched_stop": 3}),
    chunk({"content": "a"}, usage={"prompt_tokens": 1, "completion_tokens": 2}),
    chunk({"content": "a"}, x_groq={"usage": {"prompt_tokens": 1, "completion_tokens": 2}}),
    chunk({"content": "a"}, object="error"),
    chunk({"content": "a"}, error={"message": "no"}),
    chunk({"content": "a"}, type="error"),
    {
        **chunk({"content": "a"}),
        "choices": [chunk({"content": "a"})["choices"][0], chunk({"content": "b"})["choices"][0]],
    },
    chunk({"refusal": "no"}),
]
PLAIN = [
    chunk({"content": "a"}),
    chunk({"content": ""}),
    chunk({"content": "é\ud83d"}),
    chunk(
        {"content": "a", "role": "assistant", "refusal": None, "tool_calls": None},
        {"logprobs": None, "finish_reason": None},
    ),
    chunk({"content": "a"}, usage=None, service_tier="default"),
]


def data_of(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def through(documents: list[dict[str, Any]]) -> list[object]:
    fold = ChatStream()
    found: list[object] = []
    try:
        for document in (FIRST, *documents, LAST):
            found += fold.feed(SseEvent("", data_of(document)))
        found += fold.finish()
    except Exception as error:  # noqa: BLE001 — whatever it is, it has to be the same both ways
        found.append((type(error), str(error)))
    return found


@given(st.lists(st.sampled_from(PLAIN + ODD), max_size=8))
def test_both_ways_give_the_same(documents: list[dict[str, Any]]) -> None:
    short = through(documents)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "plain_text", lambda data: None)
        assert through(documents) == short


def test_plain_chunks_take_the_short_way_and_no_other_does() -> None:
    assert [plain_text(data_of(document)) for document in PLAIN[:2]] == ["a", ""]
    assert [plain_text(data_of(document)) for document in PLAIN[3:]] == ["a", "a"]
    assert {plain_text(data_of(document)) for document in ODD} == {None}


def test_the_answer_is_whole() -> None:
    response = through([chunk({"content": "Hel"}), chunk({"content": "lo"})])[-1]
    assert isinstance(response, ModelResponse)
    assert (response.parts, response.model) == ((TextPart("Hello"),), "m")
