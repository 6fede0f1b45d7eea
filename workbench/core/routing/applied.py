"""What routing does to a request: fewer tools, and at most one that has to be called."""

from collections.abc import Collection

from workbench.core.routing.routed import Routed
from workbench.core.tool import Toolset
from workbench.core.tool_choice import AUTO, ToolChoice


def narrowed(tools: Toolset, routed: Routed | None, known: Collection[str] | None = None) -> Toolset:
    """The tools that are left. `known` are those that the router knew, where `tools` may be others: what it never knew
    it did not leave out."""
    if routed is None:
        return tools
    return Toolset(
        [tool for tool in tools if tool.name in routed.offered or (known is not None and tool.name not in known)]
    )


def routed_choice(choice: ToolChoice, routed: Routed | None) -> ToolChoice:
    """The choice that is asked for: the forced tool where the project leaves the choice open."""
    return (
        ToolChoice("required", (routed.forced,)) if routed is not None and routed.forced and choice == AUTO else choice
    )
