"""A whole Responses body → ModelResponse. Pure. For recordings, and for servers that do not stream."""

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelResponse
from workbench.providers.openai_responses.failures import kind_of
from workbench.providers.openai_responses.output import ResponseBody, response_of
from workbench.providers.wire_failure import body_error


def decode(body: bytes) -> ModelResponse:
    """The response in `body`. Raises `ProviderFailure` when it is an error, unfinished, or something else."""
    try:
        document = msgspec.json.decode(body, type=ResponseBody)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        document = ResponseBody()
    if not document.status and (failure := body_error(body, kind_of)) is not None:
        raise failure
    if document.output is None and not document.error:
        raise ProviderFailure("The answer is neither a stream of events nor a response in JSON.", kind="malformed")
    return response_of(document, document.output or [])
