"""A whole Chat Completions body → ModelResponse. Pure. For recordings, and for servers that do not stream."""

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelResponse
from workbench.providers.answer import cut_off
from workbench.providers.door import count_of, object_in, objects_of
from workbench.providers.ending import ending_word
from workbench.providers.openai_chat.failures import kind_of
from workbench.providers.openai_chat.message import GrowingMessage, usage_in
from workbench.providers.wire_failure import body_error, error_detail, failure_of_detail


def decode(body: bytes) -> ModelResponse:
    """The response in `body`. Raises `ProviderFailure` when it is an error, unfinished, or something else.

    The body is whole JSON, so an answer without a finish reason is judged by what it contains.
    """
    if (failure := body_error(body, kind_of)) is not None:
        raise failure
    document = object_in(body)
    if not document:
        raise ProviderFailure("The answer is neither a stream of events nor a JSON object.", kind="malformed")
    choices = objects_of(document.get("choices"))
    choice = next((one for one in choices if not count_of(one.get("index"))), choices[0] if choices else {})
    if choice.get("error"):
        raise failure_of_detail(error_detail(choice), kind_of)
    message = choice.get("message")
    if not isinstance(message, dict):
        raise ProviderFailure("The answer is JSON, but not a chat completion.", kind="malformed")
    growing = GrowingMessage()
    growing.grow_whole(message)
    growing.logprobs.grow(choice.get("logprobs"))
    finish_reason = ending_word(choice.get("finish_reason"))
    response = growing.response(finish_reason, document, usage_in(document), is_whole=True)
    if not finish_reason and not response.parts:
        raise cut_off("it has neither content nor a finish reason")
    return response
