"""A whole Messages body → ModelResponse. Pure. For recordings, and for servers that do not stream."""

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelResponse
from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.anthropic.content import Block, response_of
from workbench.providers.anthropic.failures import kind_of
from workbench.providers.body_json import body_text
from workbench.providers.door import arguments_of, object_in, object_of
from workbench.providers.wire_failure import body_error


class _Body(msgspec.Struct, frozen=True):
    content: list[msgspec.Raw] | None = None


class _Input(msgspec.Struct, frozen=True):
    input: msgspec.Raw = msgspec.Raw(b"{}")


def decode(body: bytes) -> ModelResponse:
    """The response in `body`. Raises `ProviderFailure` when it is an error, unfinished, or something else.

    The body is whole JSON, so a message without a stop reason is judged by what it contains.
    """
    if (failure := body_error(body, kind_of)) is not None:
        raise failure
    document = object_in(body)
    content = document.get("content")
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    if not isinstance(content, list):
        raise ProviderFailure("The answer is neither a stream of events nor a message in JSON.", kind="malformed")
    return response_of(_blocks(content, body), document, is_whole=True)


def _blocks(content: list[JsonValue], body: bytes) -> list[Block]:
    """A call's arguments are the bytes of its `input`, so that they read exactly as they were written."""
    if not all(isinstance(document, dict) for document in content):
        raise TypeError("a block is not an object")
    documents = [object_of(document) for document in content]
    try:
        raws = msgspec.json.decode(body, type=_Body).content or []
        return [_block(document, raw) for document, raw in zip(documents, raws, strict=True)]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return [_plain_block(document) for document in documents]


def _block(document: JsonObject, raw: msgspec.Raw) -> Block:
    text = bytes(raw).decode()
    if document.get("type") != "tool_use":
        return Block(document, text)
    given = document.get("input")
    arguments = bytes(msgspec.json.decode(raw, type=_Input).input).decode()
    return Block(document, text if isinstance(given, dict) else "", given if isinstance(given, str) else arguments)


def _plain_block(document: JsonObject) -> Block:
    """A block of a body that is JSON only by a wide reading."""
    if document.get("type") != "tool_use":
        return Block(document, body_text(document))
    return Block(document, input_json=arguments_of(document.get("input")))
