"""The three wire formats as the contract tests see them."""

from collections.abc import Callable
from typing import NamedTuple

from workbench.core.exchange import Delta, ModelRequest, ModelResponse, StreamItem, WireRequest
from workbench.providers.answer import AnswerReader, EventFold
from workbench.providers.anthropic import decode as anthropic_decode
from workbench.providers.anthropic import encode as anthropic_encode
from workbench.providers.anthropic.adapter import AnthropicAdapter
from workbench.providers.anthropic.failures import kind_of as anthropic_kind_of
from workbench.providers.anthropic.stream import MessagesStream
from workbench.providers.openai_chat import decode as chat_decode
from workbench.providers.openai_chat import encode as chat_encode
from workbench.providers.openai_chat.adapter import OpenAIChatAdapter
from workbench.providers.openai_chat.failures import kind_of as chat_kind_of
from workbench.providers.openai_chat.stream import ChatStream
from workbench.providers.openai_responses import decode as responses_decode
from workbench.providers.openai_responses import encode as responses_encode
from workbench.providers.openai_responses.adapter import OpenAIResponsesAdapter
from workbench.providers.openai_responses.failures import kind_of as responses_kind_of
from workbench.providers.openai_responses.stream import ResponsesStream
from workbench.providers.wire_failure import KindOf

Adapter = OpenAIChatAdapter | OpenAIResponsesAdapter | AnthropicAdapter


class Format(NamedTuple):
    """One wire format. `base_suffix` is what its SDK wants behind a server's root."""

    wire_format: str
    fold: Callable[[], EventFold]
    decode: Callable[[bytes], ModelResponse]
    encode: Callable[[ModelRequest], WireRequest]
    kind_of: KindOf
    adapter: Callable[..., Adapter]
    base_suffix: str


FORMATS = {
    form.wire_format: form
    for form in (
        Format(
            "openai_chat",
            ChatStream,
            chat_decode.decode,
            chat_encode.encode,
            chat_kind_of,
            OpenAIChatAdapter,
            "/v1",
        ),
        Format(
            "openai_responses",
            ResponsesStream,
            responses_decode.decode,
            responses_encode.encode,
            responses_kind_of,
            OpenAIResponsesAdapter,
            "/v1",
        ),
        Format(
            "anthropic_messages",
            MessagesStream,
            anthropic_decode.decode,
            anthropic_encode.encode,
            anthropic_kind_of,
            AnthropicAdapter,
            "",
        ),
    )
}


def read_pieces(form: Format, pieces: list[bytes]) -> tuple[list[Delta], ModelResponse]:
    """What the format's reader makes of a body that arrives in `pieces`; raises what it raises."""
    reader = AnswerReader(form.fold(), form.decode)
    items: list[StreamItem] = []
    for piece in pieces:
        items += reader.feed(piece)
    items += reader.finish()
    deltas = [item for item in items if isinstance(item, Delta)]
    (response,) = [item for item in items if isinstance(item, ModelResponse)]
    assert items[-1] is response
    return deltas, response
