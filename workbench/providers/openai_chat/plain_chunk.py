"""The chunk that most chunks are: a piece of text, and nothing else that could mean anything."""

from typing import Literal

import msgspec


class _Delta(msgspec.Struct, forbid_unknown_fields=True):
    content: str
    role: str | None = None
    refusal: None = None
    tool_calls: None = None
    function_call: None = None


class _Choice(msgspec.Struct, forbid_unknown_fields=True):
    delta: _Delta
    index: Literal[0] = 0
    logprobs: None = None
    finish_reason: None = None


class _Chunk(msgspec.Struct):
    """Of the chunk itself other fields are passed over, as `stream` does after the first one, but for these."""

    choices: tuple[_Choice]
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    type: None = None
    error: None = None
    errors: None = None
    usage: None = None
    x_groq: None = None


_decode = msgspec.json.Decoder(_Chunk).decode


def plain_text(data: bytes) -> str | None:
    """The text of such a chunk; None for every other one, which has to be looked at more closely."""
    try:
        return _decode(data).choices[0].delta.content
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
