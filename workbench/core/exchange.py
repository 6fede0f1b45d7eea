"""The neutral shape of one exchange with a provider."""

from typing import Literal

import msgspec

from workbench.core.content import Part, ToolCallPart
from workbench.core.ids import WireFormat
from workbench.core.json_text import JsonObject
from workbench.core.message import AssistantMessage, Message, WireCopy
from workbench.core.model_parameters import ModelParameters
from workbench.core.tool import Toolset
from workbench.core.tool_choice import AUTO, ToolChoice

StopReason = Literal["answered", "tool_calls", "length", "refused", "filtered", "paused", "other"]
"""Why a response ended. `length` and `filtered` mean the response is not complete, `other` that the reason is
unknown.
"""

DeltaType = Literal["text", "reasoning", "refusal", "call", "arguments"]
"""What a streamed piece is a piece of. `call` names a tool, `arguments` is text of its arguments."""


class Usage(msgspec.Struct, frozen=True):
    """Tokens as the provider counted them. `input_tokens` is the whole input, cached part included."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
        )

    @property
    def total_tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens


class ModelRequest(msgspec.Struct, frozen=True):
    """Everything a provider needs to be asked once. `tools` are the ones really offered. `parameters` that the wire
    does not have are left out."""

    model: str
    messages: tuple[Message, ...]
    instructions: str = ""
    tools: Toolset = Toolset()
    deferred: tuple[str, ...] = ()
    """Those of the tools that the model sees only when the vendor's tool search has found them."""
    tool_choice: ToolChoice = AUTO
    parallel_calls: bool = True
    sends_pictures: bool = True
    """Whether pictures that tools returned are sent, where the wire can carry them."""
    max_output_tokens: int | None = None
    parameters: ModelParameters = {}
    settings: JsonObject = {}
    """Extra keys for the vendor's own request body, taken from the project as they are."""


class WireRequest(msgspec.Struct, frozen=True):
    """The exact request that will leave: what is recorded is what is sent. Headers carry keys and are not here."""

    wire_format: WireFormat
    path: str
    body_json: str


class Delta(msgspec.Struct, frozen=True):
    """A streamed piece. `index` is the place of its part among the response's parts."""

    type: DeltaType
    index: int
    text: str
    tool: str = ""


class ToolSearch(msgspec.Struct, frozen=True):
    """A search of the vendor's among deferred tools: what was looked for, and what came back. `error` is the vendor's
    word for a search that failed."""

    query: str
    found: tuple[str, ...] = ()
    error: str = ""


class ModelResponse(msgspec.Struct, frozen=True):
    """A whole response: the stream ended with its format's own terminal event."""

    parts: tuple[Part, ...]
    stop_reason: StopReason
    model: str = ""
    usage: Usage | None = None
    response_id: str = ""
    raw_stop_reason: str = ""
    wire_copy: WireCopy | None = None
    details: JsonObject = {}
    """Other things the provider said that are worth showing, such as a confidence."""
    searches: tuple[ToolSearch, ...] = ()
    """The vendor's searches for tools, in their order."""
    remarks: tuple[str, ...] = ()
    """What had to be replaced or assumed to read this response, a sentence each."""

    @property
    def calls(self) -> tuple[ToolCallPart, ...]:
        """The proposed calls in the model's order."""
        return tuple(part for part in self.parts if isinstance(part, ToolCallPart))

    @property
    def is_whole(self) -> bool:
        """False when the model was stopped in mid-sentence."""
        return self.stop_reason not in ("length", "filtered")

    @property
    def may_run_calls(self) -> bool:
        """Whether it ended as a success; if not, nothing proposed in it may run."""
        return self.stop_reason in ("answered", "tool_calls", "paused")

    @property
    def message(self) -> AssistantMessage:
        """The response as an entry of the conversation."""
        return AssistantMessage(self.parts, self.wire_copy)


StreamItem = Delta | ModelResponse
"""What a provider's stream yields: deltas, and exactly one whole response at its end."""
