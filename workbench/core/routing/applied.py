"""What routing does to a request: fewer tools, and at most one that has to be called."""

from collections.abc import Collection

from workbench.core.json_text import JsonObject
from workbench.core.routing.routed import Routed
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import AUTO, ToolChoice


def with_loaded(tools: Toolset, routed: Routed | None) -> Toolset:
    """The tools, those that a loader completed as it left them."""
    if routed is None or not routed.loaded:
        return tools
    return Toolset(
        [completed(tool, routed.loaded[tool.name]) if tool.name in routed.loaded else tool for tool in tools]
    )


def completed(tool: Tool, given: JsonObject) -> Tool:
    """The tool with the keys that its loader gave; it keeps its name. Raises `ProjectError` where that is no tool."""
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


def routed_choice(choice: ToolChoice, routed: Routed | None) -> ToolChoice:
    """The choice that is asked for: the forced tool where the project leaves the choice open."""
    return (
        ToolChoice("required", (routed.forced,)) if routed is not None and routed.forced and choice == AUTO else choice
    )
