"""A whole Responses body → ModelResponse. Pure. For recordings, and for servers that do not stream."""

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelResponse
from workbench.providers.door import object_in, text_of
from workbench.providers.openai_responses.failures import kind_of
from workbench.providers.openai_responses.items import items_of
from workbench.providers.openai_responses.output import response_of
from workbench.providers.wire_failure import body_error


class _Body(msgspec.Struct, frozen=True):
    output: list[msgspec.Raw] | None = None


def decode(body: bytes) -> ModelResponse:
    """The response in `body`. Raises `ProviderFailure` when it is an error, unfinished, or something else.

    The body is whole JSON, so a response without a status is judged by what it contains.
    """
    document = object_in(body)
    if not document.get("status") and (failure := body_error(body, kind_of)) is not None:
        raise failure
    output = document.get("output")
    if output is None and not document.get("error"):
        raise ProviderFailure("The answer is neither a stream of events nor a response in JSON.", kind="malformed")
    if output and not text_of(document.get("status")).strip():
        document["status"] = "completed"
    return response_of(document, items_of(output, body, lambda data: msgspec.json.decode(data, type=_Body).output))
