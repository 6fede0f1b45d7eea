"""Counting a tool's tokens with the vendors whose key is at hand."""

import msgspec

from workbench.app.models.model_spec import ModelTarget
from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.models.wires import KEY_OF_WIRE, wire_named
from workbench.core.errors import WorkbenchError
from workbench.core.secret import shown_address
from workbench.core.tool import Tool
from workbench.core.tool_weight import PartWeight, parts_of, sent_part, weigh
from workbench.providers.questions import count_tool
from workbench.store.keys import KeyStore

MOST_COUNTED = 40


class Counter(msgspec.Struct, frozen=True):
    """A model whose vendor counts tokens; `to` says where a tool would be sent."""

    spec: str
    model: str
    to: str


def counters(providers: ProviderRegistry) -> tuple[Counter, ...]:
    """Who could count now: the models that are ready and whose wire has a counter. Nothing is sent."""
    found = []
    for choice in providers.choices():
        if not choice.is_ready:
            continue
        try:
            target = providers.target(choice.spec)
        except WorkbenchError:
            continue
        if target.kind in KEY_OF_WIRE and wire_named(target.kind).counting is not None:
            found.append(Counter(choice.spec, target.model, _to(target)))
    return tuple(found)


async def count_tokens(providers: ProviderRegistry, keys: KeyStore, counter: Counter, tool: Tool) -> int:
    """Send the tool to be counted: the tokens it adds to a request. Raises `WorkbenchError`."""
    target = providers.target(counter.spec)
    providers.check_key(target)
    return await count_tool(
        wire_named(target.kind),
        target.model,
        (tool,),
        base_url=target.base_url,
        key=lambda: keys.get(target.key_name) if target.key_name else None,
        key_name=target.key_name,
    )


def _to(target: ModelTarget) -> str:
    return shown_address(target.base_url) if target.base_url else wire_named(target.kind).vendor


async def weigh_exactly(
    providers: ProviderRegistry, keys: KeyStore, counter: Counter, tool: Tool
) -> tuple[PartWeight, ...]:
    """As `weigh` does, but counted by the vendor: one request for the tool, and one for each of its heaviest parts. The
    other parts stay estimates. Raises `WorkbenchError`."""
    whole, *estimated = weigh(tool)
    heaviest = {part.place for part in estimated[:MOST_COUNTED]}
    total = await count_tokens(providers, keys, counter, Tool(sent_part(tool)))
    counted = [PartWeight(tool.name, "", whole.kind, total, is_counted=True)]
    for kind, place, without in parts_of(tool):
        if place in heaviest:
            rest = await count_tokens(providers, keys, counter, without)
            counted.append(PartWeight(tool.name, place, kind, max(0, total - rest), is_counted=True))
    first, *parts = counted
    return first, *sorted(parts, key=lambda part: -part.tokens), *estimated[MOST_COUNTED:]
