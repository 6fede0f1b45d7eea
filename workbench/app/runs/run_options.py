"""How a run may differ from its project."""

import msgspec

from workbench.core.approval import Policy
from workbench.core.ids import RunId
from workbench.core.tool_choice import ToolChoicePlan
from workbench.core.variant import Variant


class RunOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What may differ from the project for one run; None means as in the project."""

    model: str | None = None
    base_url: str = ""
    instructions: str | None = None
    tool_choice: ToolChoicePlan | None = None
    selector: str | None = None
    """The selector for the tools of each round: one of the project's, or `all`."""
    parallel_calls: bool | None = None
    rounds: int | None = None
    policy: Policy | None = None
    continues: RunId | None = None
    fork_seq: int | None = None
    """With `continues`: only up to the event of this number; later events are replaced."""
    may_emulate: bool = True
    variant: Variant | None = None
    """It overrides everything else here. Nothing runs the tools it renames: the person answers, because rules, grants,
    and executors know a tool by its own name."""
