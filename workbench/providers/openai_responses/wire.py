"""OpenAI Responses as a wire: what differs from OpenAI's other one."""

from functools import partial

import msgspec

from workbench.core.ids import WireFormat, WireId
from workbench.core.request_shape import RequestShape, ToolShape
from workbench.core.tool_choice import ChoiceSupport
from workbench.providers.openai_chat.wire import COMPATIBLE_SUPPORT, OPENAI_CHAT, SUPPORT, sdk
from workbench.providers.openai_responses.models import PLACES
from workbench.providers.openai_responses.tool_search import searches_tools
from workbench.providers.wire import Counting, SdkNames, ToolLimits, WireCode


def _load(is_own: bool) -> WireCode:
    from workbench.providers.openai_chat.batches import OpenAiBatches
    from workbench.providers.openai_chat.strict import strict_schema
    from workbench.providers.openai_responses.decode import decode
    from workbench.providers.openai_responses.encode import encode, encode_tool
    from workbench.providers.openai_responses.failures import kind_of
    from workbench.providers.openai_responses.logged import LOGGED
    from workbench.providers.openai_responses.stream import ResponsesStream
    from workbench.providers.openai_responses.thinking import THINKING
    from workbench.providers.sdk_transport import SdkTransport

    return WireCode(
        encode=encode,
        encode_tool=encode_tool,
        strict_schema=strict_schema,
        stream=ResponsesStream,
        lenient_stream=partial(ResponsesStream, accepts_done=True),
        decode=decode,
        kind_of=kind_of,
        connect=partial(SdkTransport, sdk),
        choice_support=partial(choice_support, is_own=is_own),
        logged=LOGGED,
        thinking=THINKING,
        batches=OpenAiBatches,
    )


def choice_support(model: str, *, is_own: bool) -> ChoiceSupport:
    """As of Chat Completions, and the search among deferred tools where the model has it."""
    return msgspec.structs.replace(SUPPORT, tool_search=searches_tools(model)) if is_own else COMPATIBLE_SUPPORT


OPENAI_RESPONSES = msgspec.structs.replace(
    OPENAI_CHAT,
    id=WireId("openai-responses"),
    wire_format=WireFormat("openai_responses"),
    label="OpenAI Responses",
    title="OpenAI Responses",
    prefixes=("openai", "openai-responses"),
    address_hint="empty for OpenAI itself",
    shape=RequestShape("input", ("instructions",), ToolShape(parameters=("parameters",))),
    sdk_names=SdkNames(
        requests=("responses.create", "responses.parse", "responses.stream"), results=("type=function_call_output",)
    ),
    limits=ToolLimits(),
    parameters=PLACES,
    counting=Counting(
        path=lambda _model: "/responses/input_tokens",
        body=lambda model, tools: {"model": model, "input": "Hello.", **({"tools": list(tools)} if tools else {})},
        answer_key="input_tokens",
    ),
    confidence_note="",
    has_done=True,
    load=_load,
)
