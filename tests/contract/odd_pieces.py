"""Pieces of answers for the tests of odd ones: events, calls and whole answers of the three wires."""

import json
from typing import Any

from tests.contract.formats import FORMATS, read_pieces
from tests.contract.invented import request, sent
from workbench.core.exchange import Delta, ModelResponse
from workbench.core.message import UserMessage

CHAT, RESPONSES, MESSAGES = (FORMATS[name] for name in ("openai_chat", "openai_responses", "anthropic_messages"))
OSLO = '{"city":"Oslo"}'


def events(*documents: Any) -> bytes:
    """A stream of these events."""
    return b"".join(b"data: " + json.dumps(document).encode() + b"\n\n" for document in documents)


def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> dict[str, Any]:
    """A chunk of Chat Completions."""
    return {"id": "c", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish, **more}]}


def chat_call(arguments: Any = OSLO, **more: Any) -> dict[str, Any]:
    """A call in one piece."""
    function = {"name": "get_weather", "arguments": arguments}
    return {"index": 0, "id": "a", "type": "function", "function": function, **more}


def chat(*documents: Any) -> tuple[list[Delta], ModelResponse]:
    """What is read of these chunks."""
    return read_pieces(CHAT, [events(*documents) + b"data: [DONE]\n\n"])


def responses_call(arguments: Any = OSLO, **more: Any) -> dict[str, Any]:
    """A call as an item."""
    return {"type": "function_call", "id": "f", "call_id": "a", "name": "get_weather", "arguments": arguments, **more}


def completed(*output: Any, **more: Any) -> dict[str, Any]:
    """The terminal event of Responses."""
    whole = {"id": "r", "model": "m", "status": "completed", "output": list(output), **more}
    return {"type": "response.completed", "response": whole}


def tool_use(arguments: Any = None, **more: Any) -> dict[str, Any]:
    """A call as a block."""
    return {"type": "tool_use", "id": "a", "name": "get_weather", "input": arguments or {"city": "Oslo"}, **more}


def messages(*blocks: Any, stop: str | None = "tool_use", usage: Any = None) -> list[Any]:
    """The events of a Messages answer with these blocks, given whole."""
    starts = [
        {"type": "content_block_start", "index": place, "content_block": block} for place, block in enumerate(blocks)
    ]
    return [
        {"type": "message_start", "message": {"id": "m", "model": "c"}},
        *starts,
        {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": usage or {}},
        {"type": "message_stop"},
    ]


def anthropic(*blocks: Any, **more: Any) -> ModelResponse:
    """What is read of these blocks."""
    return read_pieces(MESSAGES, [events(*messages(*blocks, **more))])[1]


def next_request(wire: str, response: ModelResponse) -> Any:
    """What goes out after `response`, without what comes before it."""
    body = sent(wire, request("m", messages=(UserMessage("Hi."), response.message)))
    return (body.get("messages") or body["input"])[-1]
