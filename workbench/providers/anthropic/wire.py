"""Anthropic Messages as a wire: names, addresses, limits, and what to load."""

from collections.abc import Callable, Mapping
from functools import partial
from types import ModuleType
from typing import Any

import msgspec

from workbench.core.exchange import WireRequest
from workbench.core.ids import WireFormat, WireId
from workbench.core.request_shape import RequestShape, ToolShape
from workbench.providers.anthropic.models import PLACES
from workbench.providers.transport import HttpAccess
from workbench.providers.wire import Counting, Listing, SdkNames, ToolLimits, Wire, WireCode

_VERSION = {"anthropic-version": "2023-06-01"}


def _sdk() -> tuple[ModuleType, Callable[..., Any]]:
    import anthropic  # takes a second: never at program start

    return anthropic, anthropic.AsyncAnthropic


def _load(_is_own: bool) -> WireCode:
    from workbench.providers.anthropic.batches import AnthropicBatches
    from workbench.providers.anthropic.decode import decode
    from workbench.providers.anthropic.encode import encode, encode_tool
    from workbench.providers.anthropic.failures import kind_of
    from workbench.providers.anthropic.logged import LOGGED
    from workbench.providers.anthropic.models import choice_support, version_headers
    from workbench.providers.anthropic.stream import MessagesStream
    from workbench.providers.anthropic.strict import strict_limits, strict_schema
    from workbench.providers.anthropic.thinking import THINKING
    from workbench.providers.sdk_transport import SdkTransport

    def headers(wire: WireRequest) -> Mapping[str, str]:
        return version_headers(msgspec.json.decode(wire.body_json))

    return WireCode(
        encode=encode,
        encode_tool=encode_tool,
        strict_schema=strict_schema,
        strict_limits=strict_limits,
        stream=MessagesStream,
        decode=decode,
        kind_of=kind_of,
        connect=partial(SdkTransport, _sdk),
        choice_support=choice_support,
        logged=LOGGED,
        thinking=THINKING,
        batches=AnthropicBatches,
        headers=headers,
    )


ANTHROPIC = Wire(
    id=WireId("anthropic"),
    wire_format=WireFormat("anthropic_messages"),
    label="Anthropic",
    title="Anthropic Messages",
    vendor="Anthropic",
    telemetry_name="anthropic",
    prefixes=("anthropic",),
    key_name="ANTHROPIC_API_KEY",
    base_url="https://api.anthropic.com",
    address_hint="empty for Anthropic itself",
    example_model="claude-haiku-5-5",
    packages=("anthropic",),
    shape=RequestShape(instructions=("system",), tool=ToolShape(parameters=("input_schema",))),
    sdk_names=SdkNames(requests=("messages.create", "messages.stream"), results=("type=tool_result",)),
    limits=ToolLimits(parameter_name=r"[a-zA-Z0-9_.-]{1,64}", parameter_name_words="letters, digits, _ . and -"),
    strict_name="Anthropic",
    http=HttpAccess(headers=_VERSION),
    shown_http=HttpAccess(key_header="x-api-key", key_prefix="", headers=_VERSION),
    parameters=PLACES,
    listing=Listing("/v1/models?limit=1000", lambda document: (row["id"] for row in document["data"])),
    counting=Counting(
        path=lambda _model: "/v1/messages/count_tokens",
        body=lambda model, tools: {
            "model": model,
            "messages": [{"role": "user", "content": "Hello."}],
            **({"tools": list(tools)} if tools else {}),
        },
        answer_key="input_tokens",
    ),
    load=_load,
)
