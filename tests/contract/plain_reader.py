"""A second, much simpler reader of recorded answers, written without looking at the adapters' code."""

import json
from typing import Any, NamedTuple


class Reading(NamedTuple):
    """What an answer says. `calls` are (tool, argument text) in order; token counts are (input, output)."""

    text: str
    calls: list[tuple[str, str]]
    stop_reason: str
    tokens: tuple[int, int] | None


def documents_of(sse: str) -> list[dict[str, Any]]:
    """The JSON objects of a stream, in order."""
    found = []
    for block in sse.replace("\r\n", "\n").split("\n\n"):
        lines = [line[5:].strip() for line in block.split("\n") if line.startswith("data:")]
        if lines and lines[0] != "[DONE]":
            found.append(json.loads("\n".join(lines)))
    return found


def read_stream(wire_format: str, sse: str) -> Reading:
    """The reading of a streamed answer."""
    return _STREAM_READERS[wire_format](documents_of(sse))


def read_body(wire_format: str, body: dict[str, Any]) -> Reading:
    """The reading of an answer in one piece."""
    return _BODY_READERS[wire_format](body)


def _chat_stream(chunks: list[dict[str, Any]]) -> Reading:
    text, refusal, names, arguments, finish, tokens = "", "", {}, {}, "", None
    for chunk in chunks:
        if chunk.get("usage"):
            tokens = (chunk["usage"]["prompt_tokens"], chunk["usage"]["completion_tokens"])
        for choice in chunk["choices"]:
            finish = choice["finish_reason"] or finish
            text += choice["delta"].get("content") or ""
            refusal += choice["delta"].get("refusal") or ""
            for call in choice["delta"].get("tool_calls") or []:
                number = call["index"]
                names.setdefault(number, call["function"].get("name"))
                arguments[number] = arguments.get(number, "") + (call["function"].get("arguments") or "")
    calls = [(names[number], arguments[number]) for number in sorted(names)]
    return Reading(text, calls, "refused" if refusal and not text else _chat_stop(finish, calls), tokens)


def _chat_body(body: dict[str, Any]) -> Reading:
    choice = body["choices"][0]
    message = choice["message"]
    calls = [(call["function"]["name"], call["function"]["arguments"]) for call in message.get("tool_calls") or []]
    tokens = (body["usage"]["prompt_tokens"], body["usage"]["completion_tokens"])
    return Reading(message.get("content") or "", calls, _chat_stop(choice["finish_reason"], calls), tokens)


def _chat_stop(finish: str, calls: list[tuple[str, str]]) -> str:
    if finish in ("stop", "tool_calls"):
        return "tool_calls" if calls else "answered"
    return {"length": "length", "content_filter": "filtered"}[finish]


def _responses_stream(events: list[dict[str, Any]]) -> Reading:
    text = "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta")
    arguments: dict[int, str] = {}
    names: dict[int, str] = {}
    for event in events:
        if event["type"] == "response.function_call_arguments.delta":
            arguments[event["output_index"]] = arguments.get(event["output_index"], "") + event["delta"]
        if event["type"] == "response.output_item.added" and event["item"]["type"] == "function_call":
            names[event["output_index"]] = event["item"]["name"]
    calls = [(names[number], arguments.get(number, "")) for number in sorted(names)]
    usage = events[-1]["response"]["usage"]
    stop = {"response.completed": "tool_calls" if calls else "answered"}[events[-1]["type"]]
    return Reading(text, calls, stop, (usage["input_tokens"], usage["output_tokens"]))


def _responses_body(body: dict[str, Any]) -> Reading:
    text, calls = "", []
    for item in body["output"]:
        if item["type"] == "function_call":
            calls.append((item["name"], item["arguments"]))
        if item["type"] == "message":
            text += "".join(part["text"] for part in item["content"] if part["type"] == "output_text")
    usage = body["usage"]
    stop = {"completed": "tool_calls" if calls else "answered"}[body["status"]]
    return Reading(text, calls, stop, (usage["input_tokens"], usage["output_tokens"]))


def _anthropic_stream(events: list[dict[str, Any]]) -> Reading:
    blocks: dict[int, dict[str, Any]] = {}
    pieces: dict[int, str] = {}
    stop, usage = "", {}
    for event in events:
        if event["type"] == "message_start":
            usage = dict(event["message"]["usage"])
        if event["type"] == "content_block_start":
            blocks[event["index"]] = event["content_block"]
        if event["type"] == "content_block_delta":
            piece = event["delta"].get("text", event["delta"].get("partial_json", ""))
            pieces[event["index"]] = pieces.get(event["index"], "") + piece
        if event["type"] == "message_delta":
            stop = event["delta"]["stop_reason"]
            usage.update({key: value for key, value in event["usage"].items() if value is not None})
    text = "".join(pieces.get(number, "") for number in blocks if blocks[number]["type"] == "text")
    calls = [
        (blocks[number]["name"], pieces.get(number, "") or "{}")
        for number in blocks
        if blocks[number]["type"] == "tool_use"
    ]
    return Reading(text, calls, _anthropic_stop(stop), _anthropic_tokens(usage))


def _anthropic_body(body: dict[str, Any]) -> Reading:
    text = "".join(block["text"] for block in body["content"] if block["type"] == "text")
    calls = [
        (block["name"], json.dumps(block["input"], sort_keys=True))
        for block in body["content"]
        if block["type"] == "tool_use"
    ]
    return Reading(text, calls, _anthropic_stop(body["stop_reason"]), _anthropic_tokens(body["usage"]))


def _anthropic_stop(reason: str) -> str:
    return {"end_turn": "answered", "tool_use": "tool_calls", "max_tokens": "length"}[reason]


def _anthropic_tokens(usage: dict[str, Any]) -> tuple[int, int]:
    cached = (usage.get("cache_creation_input_tokens") or 0) + (usage.get("cache_read_input_tokens") or 0)
    return usage["input_tokens"] + cached, usage["output_tokens"]


_STREAM_READERS = {
    "openai_chat": _chat_stream,
    "openai_responses": _responses_stream,
    "anthropic_messages": _anthropic_stream,
}
_BODY_READERS = {
    "openai_chat": _chat_body,
    "openai_responses": _responses_body,
    "anthropic_messages": _anthropic_body,
}
