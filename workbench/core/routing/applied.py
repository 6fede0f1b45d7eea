"""What routing does to a request: fewer tools, and at most one that has to be called."""

from collections.abc import Collection

import msgspec

from workbench.core.json_text import JsonObject
from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.routed import Routed
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import AUTO, ChoiceSupport, ResolvedChoice, ToolChoice, resolve_choice


def with_loaded(tools: Toolset, routed: Routed | None) -> Toolset:
    """The tools, those that a loader completed as it left them."""
    if routed is None or not routed.loaded:
        return tools
    return Toolset(
        [completed(tool, routed.loaded[tool.name]) if tool.name in routed.loaded else tool for tool in tools]
    )


def completed(tool: Tool, given: JsonObject) -> Tool:
    """The tool with the keys that its loader gave; it keeps its name. Raises `ProjectError` if that is not a tool."""
    return Tool({**tool.document, **given, "name": tool.name})


def narrowed(tools: Toolset, routed: Routed | None, known: Collection[str] | None = None) -> Toolset:
    """The tools that are left. `known` are those that the router knew, where `tools` may be others: what it never knew
    it did not leave out."""
    if routed is None:
        return tools
    return Toolset(
        [
            tool
            for tool in with_loaded(tools, routed)
            if tool.name in routed.offered or (known is not None and tool.name not in known)
        ]
    )


def resolve_routed(
    choice: ToolChoice,
    tools: Toolset,
    routed: Routed | None,
    support: ChoiceSupport,
    plan: RoutingPlan | None,
    known: Collection[str] | None = None,
) -> ResolvedChoice:
    """What is really sent of the tools that there are, for the choice that is asked for; `known` as of `narrowed`. The
    forced tool is asked for where the project leaves the choice open."""
    few = narrowed(tools, routed, known)
    if routed is None or plan is None:
        return resolve_choice(choice, few, support)
    if routed.forced and choice == AUTO and support.named:
        choice = ToolChoice("required", (routed.forced,))
    rest = tuple(
        name
        for name in tools.names
        if few.named(name) is None and name not in routed.unloaded and routed.state_of(name) == "not offered"
    )
    if plan.narrow == "tools" or not rest or choice.mode == "none":
        return resolve_choice(choice, few, support)
    everything = Toolset([tool for tool in with_loaded(tools, routed) if tool.name in {*few.names, *rest}])
    if plan.narrow == "allowed-tools" and few and support.subset and support.auto_subset:
        return resolve_choice(choice if choice.only else ToolChoice(choice.mode, few.names), everything, support)
    if plan.narrow == "tool-search" and support.tool_search:
        return msgspec.structs.replace(resolve_choice(choice, everything, support), deferred=rest)
    said = f"There is no {plan.narrow.replace('-', ' ')} here: only the chosen tools are sent."
    return msgspec.structs.replace(resolve_choice(choice, few, support), narrowing=said)
