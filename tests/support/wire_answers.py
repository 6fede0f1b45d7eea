"""Answers of the wire formats, written by hand: words and calls as a server would stream them."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple


class WireCall(NamedTuple):
    """A call in an answer. `arguments` is sent as it is, broken or not."""

    tool: str
    arguments: str
    call_id: str = "call_1"


def wire_answer(wire_format: str, text: str = "", calls: Sequence[WireCall] = ()) -> list[bytes]:
    """The events of a whole answer, one by one; joined they are the body."""
    answers = {
        "openai_chat": _chat,
        "openai_responses": _responses,
        "anthropic_messages": _anthropic,
        "gemini": _gemini,
    }
    assert wire_format in answers, f"{wire_format} has no answer in tests/support/wire_answers.py yet"
    return answers[wire_format](text, calls)


def _event(document: dict[str, Any], name: str = "") -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(document)}\n\n".encode()


def _chat(text: str, calls: Sequence[WireCall]) -> list[bytes]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _event({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})

    events = [chunk({"role": "assistant", "content": ""})]
    events += [chunk({"content": text[:2]}), chunk({"content": text[2:]})] if text else []
    for index, call in enumerate(calls):
        head = {
            "index": index,
            "id": call.call_id,
            "type": "function",
            "function": {"name": call.tool, "arguments": ""},
        }
        events.append(chunk({"tool_calls": [head]}))
        for piece in (call.arguments[:4], call.arguments[4:]):
            events.append(chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]}))
    return [*events, chunk({}, "tool_calls" if calls else "stop"), b"data: [DONE]\n\n"]


def _responses(text: str, calls: Sequence[WireCall]) -> list[bytes]:
    numbers = iter(range(1_000))

    def event(kind: str, **fields: Any) -> bytes:
        return _event({"type": kind, "sequence_number": next(numbers), **fields}, kind)

    def response(status: str, output: list[Any]) -> dict[str, Any]:
        return {
            "id": "r1", "object": "response", "created_at": 1, "model": "m", "status": status, "output": output,
            "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "error": None, "incomplete_details": None,
        }  # fmt: skip

    events = [event("response.created", response=response("in_progress", []))]
    output: list[Any] = []
    if text:
        part = {"type": "output_text", "text": text, "annotations": []}
        item = {"type": "message", "id": "m1", "role": "assistant", "status": "completed", "content": [part]}
        events.append(event("response.output_item.added", output_index=0, item={**item, "content": []}))
        empty = {**part, "text": ""}
        events.append(event("response.content_part.added", output_index=0, item_id="m1", content_index=0, part=empty))
        for piece in (text[:2], text[2:]):
            where = {"output_index": 0, "item_id": "m1", "content_index": 0}
            events.append(event("response.output_text.delta", **where, delta=piece, logprobs=[]))
        events.append(event("response.output_item.done", output_index=0, item=item))
        output.append(item)
    for call in calls:
        index = len(output)
        item = {
            "type": "function_call", "id": f"f{index}", "call_id": call.call_id, "name": call.tool,
            "arguments": call.arguments, "status": "completed",
        }  # fmt: skip
        where = {"output_index": index, "item_id": f"f{index}"}
        events.append(event("response.output_item.added", output_index=index, item={**item, "arguments": ""}))
        events.append(event("response.function_call_arguments.delta", **where, delta=call.arguments))
        events.append(event("response.function_call_arguments.done", **where, arguments=call.arguments))
        events.append(event("response.output_item.done", output_index=index, item=item))
        output.append(item)
    return [*events, event("response.completed", response=response("completed", output))]


def _anthropic(text: str, calls: Sequence[WireCall]) -> list[bytes]:
    def event(kind: str, **fields: Any) -> bytes:
        return _event({"type": kind, **fields}, kind)

    message = {
        "id": "m1", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": None,
        "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1},
    }  # fmt: skip
    events = [event("message_start", message=message)]
    index = 0
    if text:
        events.append(event("content_block_start", index=0, content_block={"type": "text", "text": ""}))
        for piece in (text[:2], text[2:]):
            events.append(event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece}))
        events.append(event("content_block_stop", index=0))
        index = 1
    for call in calls:
        block = {"type": "tool_use", "id": call.call_id, "name": call.tool, "input": {}}
        events.append(event("content_block_start", index=index, content_block=block))
        for piece in (call.arguments[:4], call.arguments[4:]):
            delta = {"type": "input_json_delta", "partial_json": piece}
            events.append(event("content_block_delta", index=index, delta=delta))
        events.append(event("content_block_stop", index=index))
        index += 1
    stop = {"stop_reason": "tool_use" if calls else "end_turn", "stop_sequence": None}
    return [*events, event("message_delta", delta=stop, usage={"output_tokens": 9}), event("message_stop")]


def _gemini(text: str, calls: Sequence[WireCall]) -> list[bytes]:
    def chunk(part: str, **ending: str) -> bytes:
        candidate = {"content": {"parts": ["PART"], "role": "model"}, "index": 0, **ending}
        event = _event({"candidates": [candidate], "modelVersion": "m", "responseId": "r1"})
        return event.replace(b'"PART"', part.encode())

    events = [chunk(json.dumps({"text": piece})) for piece in (text[:2], text[2:]) if piece]
    events += [chunk(_gemini_call(call)) for call in calls]
    return [*events, chunk('{"text": ""}', finishReason="STOP")]


def _gemini_call(call: WireCall) -> str:
    """Arguments are JSON values on this wire, as they are spelled; what is none stays a text."""
    try:
        json.loads(call.arguments)
        arguments = call.arguments
    except ValueError:
        arguments = json.dumps(call.arguments)
    part = {"functionCall": {"name": call.tool, "args": "ARGS", **({"id": call.call_id} if call.call_id else {})}}
    return json.dumps(part).replace('"ARGS"', arguments)
