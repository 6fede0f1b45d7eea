"""OpenAI Chat Completions as a wire: names, addresses, limits, and what to load."""

from collections.abc import Callable, Iterable
from functools import partial
from types import ModuleType
from typing import Any

from workbench.core.ids import WireFormat, WireId
from workbench.core.request_shape import RequestShape, ToolShape
from workbench.core.tool_choice import ChoiceSupport
from workbench.providers.openai_chat.models import PLACES
from workbench.providers.wire import Embedding, Listing, SdkNames, ToolLimits, Wire, WireCode

SUPPORT = ChoiceSupport()
COMPATIBLE_SUPPORT = ChoiceSupport(
    subset=False, why="Servers that only use OpenAI's wire format do not know `allowed_tools`."
)


def sdk() -> tuple[ModuleType, Callable[..., Any]]:
    """OpenAI's SDK, for both of its wires."""
    import openai  # takes a second: never at program start

    return openai, openai.AsyncOpenAI


def model_ids(document: Any) -> Iterable[str]:
    """The ids in a list of models."""
    return (row["id"] for row in document["data"])


def _vectors(document: Any) -> list[list[float]]:
    """In the order of the texts, whatever the order of the answer."""
    rows = sorted(document["data"], key=lambda row: int(row["index"]))
    return [[float(value) for value in row["embedding"]] for row in rows]


def _load(is_own: bool) -> WireCode:
    from workbench.providers.openai_chat.batches import OpenAiBatches
    from workbench.providers.openai_chat.decode import decode
    from workbench.providers.openai_chat.encode import encode, encode_tool
    from workbench.providers.openai_chat.failures import kind_of
    from workbench.providers.openai_chat.logged import LOGGED
    from workbench.providers.openai_chat.stream import ChatStream
    from workbench.providers.openai_chat.strict import strict_schema
    from workbench.providers.openai_chat.thinking import THINKING
    from workbench.providers.sdk_transport import SdkTransport

    return WireCode(
        # OpenAI's newer key for the token limit is unknown to most other servers.
        encode=encode if is_own else partial(encode, limit_key="max_tokens"),
        encode_tool=encode_tool,
        strict_schema=strict_schema,
        stream=ChatStream,
        lenient_stream=partial(ChatStream, accepts_done=True),
        decode=decode,
        kind_of=kind_of,
        connect=partial(SdkTransport, sdk),
        choice_support=lambda _model: SUPPORT if is_own else COMPATIBLE_SUPPORT,
        logged=LOGGED,
        thinking=THINKING,
        batches=OpenAiBatches,
    )


OPENAI_CHAT = Wire(
    id=WireId("openai-chat"),
    wire_format=WireFormat("openai_chat"),
    label="OpenAI Chat",
    title="OpenAI Chat Completions, and servers that speak it",
    vendor="OpenAI",
    telemetry_name="openai",
    prefixes=("openai-chat",),
    key_name="OPENAI_API_KEY",
    base_url="https://api.openai.com/v1",
    address_hint="http://127.0.0.1:11434/v1 for Ollama; empty for OpenAI itself",
    example_model="gpt-5-mini",
    packages=("openai",),
    shape=RequestShape(
        instructions=(),
        tool=ToolShape(frame="function", parameters=("parameters",), lists=("tools", "functions", "custom_tools")),
    ),
    sdk_names=SdkNames(
        requests=("completions.create", "completions.parse"), results=("role=tool",), calls=("tool_calls",)
    ),
    limits=ToolLimits(name_chars=64, description_chars=1_024, tools=128),
    strict_name="OpenAI",
    parameters=PLACES,
    listing=Listing("/models", model_ids),
    embedding=Embedding("/embeddings", _vectors),
    confidence_note=(
        "Servers that speak OpenAI's Chat Completions tell how likely each token of a text was when workbench.toml "
        "asks for it: logprobs = true and top_logprobs = 3 under [request.settings]."
    ),
    has_done=True,
    load=_load,
)
