"""The provider for the local model."""

import json
from collections.abc import AsyncIterator

from workbench.core.exchange import ModelRequest, StreamItem, WireRequest
from workbench.core.tool import Toolset
from workbench.core.tool_choice import ChoiceSupport
from workbench.providers.local.decode import decode
from workbench.providers.local.encode import encode, needle_tools
from workbench.providers.local.process import NeedleProcess

_SUPPORT = ChoiceSupport(
    required=False, named=False, subset=False, none=False, parallel_off=False, why="Needle has no tool choice."
)


class LocalAdapter:
    """Needle 3: calls tools, writes no prose, needs no key. See `engine.ports.Provider`.

    Nothing is started before the first request. Answers come whole, so the deltas of a response arrive
    together; calls are not limited to one where parallel calls are turned off.
    """

    name = "local"

    def __init__(self, process: NeedleProcess | None = None) -> None:
        self._process = process or NeedleProcess()

    def choice_support(self, model: str) -> ChoiceSupport:
        """None of the choices; the loop emulates what can be emulated."""
        return _SUPPORT

    def encode(self, request: ModelRequest) -> WireRequest:
        """See `encode.encode`."""
        return encode(request)

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        """Ask the model. Closing the iterator while it thinks kills the process."""
        body = json.loads(wire.body_json)
        envelope = await self._process.ask(
            "complete", **{key: body[key] for key in ("system", "tools", "inputs", "max_new_tokens")}
        )
        for item in decode(envelope, model=body["model"], first_call=body["first_call"]):
            yield item

    async def warm(self, tools: Toolset = Toolset(), instructions: str = "") -> None:  # noqa: B008 — it is a tuple
        """Start the process and load the tools, so that the first request does not have to wait for that."""
        await self._process.ask("load", system=instructions, tools=needle_tools(tools))

    async def embed(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text, all of the same length."""
        found: list[list[float]] = await self._process.ask("embed", texts=list(texts))
        return found

    async def close(self) -> None:
        """End the process."""
        await self._process.close()
