"""The answers the server streams: Chat Completions chunks, one HTTP chunk each, prepared once.

Only the standard library, because peers run under an interpreter of their own.
"""

import json

CITIES = ("Paris", "Oslo", "Tokyo")
FINAL_TOKENS = 64
PACE_S = 0.01

_HEAD = {
    "id": "chatcmpl-9f2c41d7ab63",
    "object": "chat.completion.chunk",
    "created": 1795000000,
    "model": "bench-1",
    "service_tier": "default",
    "system_fingerprint": "fp_1a2b3c4d5e",
}
_END = b"data: [DONE]\n\n"


def tool_calls() -> list[bytes]:
    """Round one: three calls, their arguments in six pieces each."""
    events = [_chunk({"role": "assistant", "content": None})]
    for index, city in enumerate(CITIES):
        call = {"index": index, "id": f"call_{index}x7Kq2", "type": "function"}
        events.append(_chunk({"tool_calls": [{**call, "function": {"name": "get_weather", "arguments": ""}}]}))
        for piece in ('{"', "city", '":"', city, '"', "}"):
            events.append(_chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]}))
    return [*events, *_ending("tool_calls", len(events))]


def many_calls(count: int) -> list[bytes]:
    """One round with `count` calls, each in one piece."""
    events = [_chunk({"role": "assistant", "content": None})]
    for index in range(count):
        function = {"name": "get_weather", "arguments": json.dumps({"city": f"Town {index}"})}
        call = {"index": index, "id": f"call_{index}x7Kq2", "type": "function", "function": function}
        events.append(_chunk({"tool_calls": [call]}))
    return [*events, *_ending("tool_calls", count)]


def words(count: int) -> list[bytes]:
    """An answer of `count` pieces of prose."""
    return _text(_pieces(count))


def markdown(count: int) -> list[bytes]:
    """An answer of `count` pieces with everything Markdown has."""
    return _text(markdown_pieces(count))


def markdown_pieces(count: int) -> list[str]:
    """`count` pieces of about four characters."""
    section = (
        "## Section\n\nSome **bold** and *slanted* words with `code` in them, and [a link](https://example.com/x). "
        "A second sentence follows, and it goes on for a while, as answers do.\n\n"
        "- one thing\n- another thing, with more words than the first\n- a third\n\n"
        "```python\nfor city in cities:\n    print(city, weather[city])\n```\n\n"
        "| City | Degrees |\n|---|---|\n| Paris | 12 |\n| Oslo | 3 |\n\n"
    )
    text = section * (count * 4 // len(section) + 1)
    return [text[4 * place : 4 * place + 4] for place in range(count)]


def plain_words(count: int) -> bytes:
    """The same answer as `words` in one piece, for clients that do not stream."""
    text = "".join(_pieces(count))
    usage = {"prompt_tokens": 120, "completion_tokens": count, "total_tokens": 120 + count}
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return json.dumps({**_HEAD, "object": "chat.completion", "choices": [choice], "usage": usage}).encode()


def http_chunk(event: bytes) -> bytes:
    """One piece of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(event), event)


def _pieces(count: int) -> list[str]:
    return [f"word{number % 97} " if number % 40 else "\n\nA paragraph " for number in range(1, count + 1)]


def _text(pieces: list[str]) -> list[bytes]:
    events = [_chunk({"role": "assistant", "content": ""})]
    events += [_chunk({"content": piece}) for piece in pieces]
    return [*events, *_ending("stop", len(pieces))]


def _ending(reason: str, tokens: int) -> list[bytes]:
    usage = {"prompt_tokens": 120, "completion_tokens": tokens, "total_tokens": 120 + tokens}
    return [_chunk({}, reason), _sse({**_HEAD, "choices": [], "usage": usage}), _END]


def _chunk(delta: dict[str, object], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return _sse({**_HEAD, "choices": [choice], "usage": None})


def _sse(document: dict[str, object]) -> bytes:
    return b"data: " + json.dumps(document, separators=(",", ":")).encode() + b"\n\n"
