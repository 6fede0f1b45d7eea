"""The provider for the local model."""

import json
from collections.abc import AsyncIterator
from typing import Any

from workbench.core.exchange import ModelRequest, StreamItem, WireRequest
from workbench.core.tool import Toolset
from workbench.core.tool_choice import ChoiceSupport
from workbench.engine.ports import Effort
from workbench.providers.door import WholeCharacters, guarded_items
from workbench.providers.local.decode import decode
from workbench.providers.local.encode import encode, needle_tools
from workbench.providers.local.pace import size_of
from workbench.providers.local.pool import NeedlePool, tools_key

_SUPPORT = ChoiceSupport(
    auto_subset=False,
    none=False,
    parallel_off=False,
    why="Needle cannot be told not to call.",
)
_NO_COMMAND = ("model", "first_call", "ignored_settings")


class LocalAdapter:
    """Needle 3: calls tools, writes no prose, needs no key. See `engine.ports.Provider` and `Exact`.

    Nothing is started before the first request. Answers come whole, so the deltas of a response arrive
    together; calls are not limited to one where parallel calls are turned off.
    """

    name = "local"

    def __init__(self, pool: NeedlePool | None = None) -> None:
        self._pool = pool or NeedlePool()

    def choice_support(self, model: str) -> ChoiceSupport:
        """A call can be forced, of one tool or of one of several; the loop emulates the rest."""
        return _SUPPORT

    def encode(self, request: ModelRequest) -> WireRequest:
        """See `encode.encode`."""
        return encode(request)

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        """Ask the model. Closing the iterator while it thinks kills the process."""
        body = json.loads(wire.body_json)
        envelope = await self._pool.complete(**_command(body))
        items = decode(envelope, model=body["model"], first_call=body["first_call"])
        for item in guarded_items(items, WholeCharacters()):
            yield item

    def effort(self, wire: WireRequest) -> Effort:
        """What answering costs now; see `engine.ports.Exact`."""
        body, pool = json.loads(wire.body_json), self._pool
        system, tools = body["system"], body["tools"]
        key = tools_key(system, tools)
        if pool.is_known(**_command(body)):
            return Effort(key, 0.0, 0.0, pool.at_once)
        load_s = 0.0 if pool.is_ready(system, tools) else pool.pace.load_s(key, size_of(tools))
        return Effort(key, load_s, pool.pace.answer_s * len(body["inputs"]), pool.at_once)

    async def warm(self, tools: Toolset = Toolset(), instructions: str = "") -> None:  # noqa: B008 — it is a tuple
        """Start a process and load the tools, so that the first request does not have to wait for that."""
        await self._pool.load(system=instructions, tools=needle_tools(tools))

    async def close(self) -> None:
        """End the processes."""
        await self._pool.close()


def _command(body: dict[str, Any]) -> dict[str, Any]:
    """The part of a request's body that the worker gets."""
    return {key: value for key, value in body.items() if key not in _NO_COMMAND}
