"""A whole Messages body → ModelResponse. Pure. For recordings, and for servers that do not stream."""

from typing import Any

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelResponse
from workbench.providers.anthropic.content import Block, Ending, response_of
from workbench.providers.anthropic.failures import kind_of
from workbench.providers.wire_failure import body_error


class _Body(Ending, frozen=True):
    content: list[msgspec.Raw] | None = None


class _Input(msgspec.Struct, frozen=True):
    input: msgspec.Raw = msgspec.Raw(b"{}")


def decode(body: bytes) -> ModelResponse:
    """The response in `body`. Raises `ProviderFailure` when it is an error, unfinished, or something else."""
    if (failure := body_error(body, kind_of)) is not None:
        raise failure
    try:
        document = msgspec.json.decode(body, type=_Body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        document = _Body()
    if document.content is None:
        raise ProviderFailure("The answer is neither a stream of events nor a message in JSON.", kind="malformed")
    return response_of([_block(raw) for raw in document.content], document)


def _block(raw: msgspec.Raw) -> Block:
    """A call's arguments are the bytes of its `input`, so that they read exactly as they were written."""
    document: dict[str, Any] = msgspec.json.decode(raw)
    if document.get("type") != "tool_use":
        return Block(document, bytes(raw).decode())
    arguments = bytes(msgspec.json.decode(raw, type=_Input).input).decode()
    is_object = isinstance(document.get("input"), dict)
    return Block(document, bytes(raw).decode() if is_object else "", arguments)
