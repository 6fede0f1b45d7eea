"""Good answers of each wire as documents, to be made odd, and what is looked at in a request that follows."""

import json
import random
from collections.abc import Iterator
from typing import Any

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


def gemini() -> list[Any]:
    def chunk(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"responseId": "g", "modelVersion": "m", "candidates": [{"content": {"parts": list(parts)}, **more}]}

    call = {"functionCall": {"id": "a", "name": "get_weather", "args": {"city": "Oslo"}}, "thoughtSignature": "S"}
    counts = {"promptTokenCount": 5, "candidatesTokenCount": 3, "thoughtsTokenCount": 1}
    return [
        chunk({"text": "hm", "thought": True}),
        chunk({"text": "Let me \ud83d"}, {"text": "\ude00 look"}),
        {**chunk(call, finishReason="STOP"), "usageMetadata": counts},
    ]


def gemini_body() -> Any:
    parts = [part for chunk in gemini() for part in chunk["candidates"][0]["content"]["parts"]]
    return {"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}], "usageMetadata": {}}


def chat_body() -> Any:
    call = {"id": "a", "type": "function", "function": {"name": "get_weather", "arguments": '{"city":"Oslo"}'}}
    message = {"role": "assistant", "content": "Hi", "reasoning": "hm", "tool_calls": [call]}
    return {"id": "c", "model": "m", "choices": [{"message": message, "finish_reason": "tool_calls"}], "usage": PLAIN}


def anthropic_body() -> Any:
    call = {"type": "tool_use", "id": "a", "name": "get_weather", "input": {"city": "Oslo"}}
    content = [{"type": "thinking", "thinking": "hm", "signature": "S"}, {"type": "text", "text": "Hi"}, call]
    return {"id": "m", "model": "c", "content": content, "stop_reason": "tool_use", "usage": PLAIN}


STREAMS = {
    "openai_chat": chat(),
    "openai_responses": responses(),
    "anthropic_messages": anthropic(),
    "gemini": gemini(),
}
BODIES = {
    "openai_chat": chat_body(),
    "openai_responses": responses()[-1]["response"],
    "anthropic_messages": anthropic_body(),
    "gemini": gemini_body(),
}

TEXTS = (
    "", " ", "a", "{}", '{"city":"Bern"}', "{", "NaN", "5", "\ud83d", "\ude00", "é\u0000", "stop", "error", "tool_use",
    "x y",
)  # fmt: skip
NUMBERS = (0, -1, 7, 5.0, 5.5, 1e30, float("nan"), float("inf"), 2**63, -(2**63), 2**64, 10**30)


def odd_value(chance: random.Random) -> Any:
    """Something that could be in a place where it does not belong."""
    kind = chance.randrange(6)
    if kind == 0:
        return chance.choice((None, True, False))
    if kind == 1:
        return chance.choice(NUMBERS)
    if kind == 2:
        return [odd_value(chance) for _ in range(chance.randrange(3))]
    if kind == 3:
        return {chance.choice(TEXTS): odd_value(chance) for _ in range(chance.randrange(3))}
    return chance.choice(TEXTS)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*path, key))


def calls_in(body: Any) -> Iterator[tuple[Any, Any, Any]]:
    for item in body.get("input", []):
        if item.get("type") == "function_call":
            yield item["call_id"], item["name"], item["arguments"]
    for content in body.get("contents", []):
        for call in (part["functionCall"] for part in content["parts"] if "functionCall" in part):
            yield call["id"], call["name"], call.get("args", {})  # which the API may leave out
    for message in body.get("messages", []):
        for call in message.get("tool_calls") or []:
            if "function" in call:
                yield call["id"], call["function"]["name"], call["function"]["arguments"]
        for block in message["content"] if isinstance(message.get("content"), list) else []:
            if block.get("type") == "tool_use":
                yield block["id"], block["name"], block["input"]


def as_stream(events: list[Any], *, is_done: bool = True) -> bytes:
    body = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
    return body + (b"data: [DONE]\n\n" if is_done else b"")
