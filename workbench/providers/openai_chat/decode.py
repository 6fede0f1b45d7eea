"""A whole Chat Completions body → ModelResponse. Pure. For recordings, and for servers that do not stream."""

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelResponse
from workbench.core.json_text import JsonObject
from workbench.providers.answer import cut_off
from workbench.providers.openai_chat.failures import kind_of
from workbench.providers.openai_chat.message import GrowingMessage, usage_of
from workbench.providers.wire_failure import body_error


def decode(body: bytes) -> ModelResponse:
    """The response in `body`. Raises `ProviderFailure` when it is an error, unfinished, or something else."""
    if (failure := body_error(body, kind_of)) is not None:
        raise failure
    document = _object(body)
    choices = document.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise ProviderFailure("The answer is JSON, but not a chat completion.", kind="malformed")
    finish_reason = choice.get("finish_reason")
    if not finish_reason:
        raise cut_off("the answer has no finish reason")
    growing = GrowingMessage()
    growing.grow(_with_numbered_calls(message))
    growing.logprobs.grow(choice.get("logprobs"))
    return growing.response(str(finish_reason), document, usage_of(document))


def _object(body: bytes) -> JsonObject:
    try:
        document = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        document = None
    if not isinstance(document, dict):
        raise ProviderFailure("The answer is neither a stream of events nor a JSON object.", kind="malformed")
    return document


def _with_numbered_calls(message: JsonObject) -> JsonObject:
    """In a whole message every entry is a call of its own, whatever its id."""
    calls = message.get("tool_calls")
    if not isinstance(calls, list):
        return message
    return {**message, "tool_calls": [{**call, "index": place} for place, call in enumerate(calls)]}  # type: ignore[dict-item]
