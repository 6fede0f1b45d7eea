"""A whole generateContent body → ModelResponse. Pure. For servers that do not stream, or stream a JSON list."""

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelResponse
from workbench.core.json_text import JsonObject
from workbench.providers.body_json import body_text
from workbench.providers.door import json_value, objects_of
from workbench.providers.gemini.content import GrowingAnswer
from workbench.providers.gemini.failures import kind_of
from workbench.providers.wire_failure import body_error


def decode(body: bytes) -> ModelResponse:
    """The response in `body`: one, or a list of chunks. Raises `ProviderFailure` when it is an error, unfinished, or
    something else."""
    if (failure := body_error(body, kind_of)) is not None:
        raise failure
    document = json_value(body)
    chunks = objects_of(document)
    if not any(chunk.get("candidates") or chunk.get("promptFeedback") for chunk in chunks):
        raise ProviderFailure("The answer is JSON, but not one of generateContent.", kind="malformed")
    content = GrowingAnswer()
    raws = [body] if chunks == [document] else _raw_chunks(body)
    for chunk, raw in zip(chunks, raws if len(raws) == len(chunks) else map(_encoded, chunks), strict=True):
        content.grow(chunk, raw)
    return content.response(is_whole=True)


def _raw_chunks(body: bytes) -> list[bytes]:
    try:
        return list(map(bytes, msgspec.json.decode(body, type=list[msgspec.Raw])))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []


def _encoded(chunk: JsonObject) -> bytes:
    return body_text(chunk).encode()
