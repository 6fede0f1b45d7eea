"""How a run may differ from its project."""

import msgspec

from workbench.core.approval import Policy
from workbench.core.ids import RunId
from workbench.core.tool_choice import ToolChoicePlan
from workbench.core.variant import Variant


class RunOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What may differ from the project for one run; None means: as the project says."""

    model: str | None = None
    base_url: str = ""
    instructions: str | None = None
    tool_choice: ToolChoicePlan | None = None
    selector: str | None = None
    """What chooses the tools of each round: a selector of the project, or `all`."""
    parallel_calls: bool | None = None
    rounds: int | None = None
    policy: Policy | None = None
    continues: RunId | None = None
    fork_seq: int | None = None
    """With `continues`: only as far as the event of that number; what came after it is replaced."""
    may_emulate: bool = True
    variant: Variant | None = None
    """What it says comes before everything else here. Tools it renames have nothing that runs them: the person
    answers, because rules, grants and executors know a tool by its own name."""
