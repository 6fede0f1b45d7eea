"""A whole Responses body → ModelResponse. Pure. For recordings, and for servers that do not stream."""

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelResponse
from workbench.providers.openai_responses.failures import kind_of
from workbench.providers.openai_responses.output import ResponseBody, response_of
from workbench.providers.wire_failure import error_detail, failure_of_detail


def decode(body: bytes) -> ModelResponse:
    """The response in `body`. Raises `ProviderFailure` when it is an error, unfinished, or something else."""
    try:
        document = msgspec.json.decode(body, type=ResponseBody)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        document = ResponseBody()
    if document.error and not document.status:
        raise failure_of_detail(error_detail({"error": document.error}), kind_of)
    if document.output is None and not document.error:
        raise ProviderFailure("The answer is neither a stream of events nor a response in JSON.", kind="malformed")
    return response_of(document, document.output or [])
