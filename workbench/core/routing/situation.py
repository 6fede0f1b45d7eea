"""What a router is told of a round."""

import msgspec

from workbench.core.tool import Toolset


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What a round is about: the tools there are, what the user said, which tools were called before in this turn
    (`called`) and in the whole conversation (`called_ever`), and which the tool choice names."""

    tools: Toolset
    request: str
    called: tuple[str, ...] = ()
    called_ever: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    spec: str = ""
    """The SPEC of the model that the run asks."""
    found: tuple[str, ...] = ()
    """What the simulated search found before in this turn, newest first."""
    may_load: bool = False
    """Whether loaders of tools may run; not where somebody only looks at what would be offered."""
    tool_tokens: int = 0
    """About how many tokens all tools take; counted once for many requests."""
