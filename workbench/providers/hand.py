"""The person as a provider: proposes exactly the call that the message names, and nothing else."""

from collections.abc import AsyncIterator

import msgspec

from workbench.core.content import ToolCallPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelRequest, ModelResponse, StreamItem, Usage, WireRequest
from workbench.core.hand_call import HAND, called_by_hand
from workbench.core.ids import WireFormat
from workbench.core.json_text import JsonObject, compact, without_surrogates
from workbench.core.message import UserMessage
from workbench.core.tool_choice import ChoiceSupport


class HandAdapter:
    """The `Provider` of runs that consist of one call made by hand."""

    name = HAND

    def choice_support(self, model: str) -> ChoiceSupport:
        """Nothing is chosen, so every choice is accepted."""
        return ChoiceSupport()

    def encode(self, request: ModelRequest) -> WireRequest:
        """The call; empty where the last message names none."""
        last = request.messages[-1] if request.messages else None
        call = called_by_hand(last.text) if isinstance(last, UserMessage) else None
        body: JsonObject = {"tool": call[0], "arguments": call[1]} if call is not None else {}
        return WireRequest(WireFormat(HAND), HAND, compact(without_surrogates(body)))

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        """The call as an answer. Raises `ProviderFailure` where there is none."""
        body: dict[str, str] = msgspec.json.decode(wire.body_json)
        if not body:
            raise ProviderFailure(
                "No model was chosen: this conversation began with a call you made yourself.",
                kind="invalid_request",
                hint="Choose a model and send the message again.",
            )
        part = ToolCallPart("hand_1", body["tool"], body["arguments"])
        yield ModelResponse((part,), "tool_calls", model=HAND, usage=Usage(), raw_stop_reason=HAND)

    async def close(self) -> None:
        """Nothing is open."""
